/** Signs of symbol fonts, which are other characters elsewhere: Wingdings' "à" is an arrow. */

import { lostMark } from './lost'
import { valueOf } from './style'

const FONT = /\b(wingdings( [23])?|webdings|symbol)\b/i
const SYMBOL = pairs(
  'abgdezhqiklmnxoprstufcywABGDEZHQIKLMNXOPRSTUFCYWÞ®¬«£³¹±·´¸Î¥',
  'αβγδεζηθικλμνξοπρστυφχψωΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ⇒→←↔≤≥≠±•×÷∈∞',
)
const WINGDINGS = pairs('àßáâèçüûoþýlnqv§ØÜ·J(*', '→←↑↓➔⬅✓✗☐☑☒●■❑❖▪➢➲•☺☎✉')
/** Where symbol fonts have their characters in Unicode: U+F020 is the space of the font. */
const PRIVATE = /[\ue000-\uf8ff]/u

function pairs(plain: string, signs: string): Map<string, string> {
  const found = [...signs]
  return new Map([...plain].map((char, index) => [char, found[index] ?? '']))
}

/** Puts the character that the font shows in place of the one that is stored, or a mark where none is known. */
export function readSymbols(page: Document): void {
  const walker = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT)
  const found: Text[] = []
  while (walker.nextNode()) found.push(walker.currentNode as Text)
  for (const text of found) {
    const font = fontOf(text.parentElement)
    if (!font && !PRIVATE.test(text.data)) continue
    if (!text.data.trim() || text.parentElement?.closest('[data-list-marker]')) continue
    const table = font === 'symbol' ? SYMBOL : WINGDINGS
    const pieces: (Node | string)[] = []
    for (const char of text.data) {
      const code = char.codePointAt(0) ?? 0
      const isPrivate = PRIVATE.test(char)
      const plain = isPrivate && code >= 0xf020 && code <= 0xf0ff ? String.fromCharCode(code - 0xf000) : char
      const sign = /\s/.test(plain) || (!font && !isPrivate) ? plain : (table.get(plain) ?? (!font && SYMBOL.get(plain)) ?? '')
      pieces.push(sign || (isPrivate && isFirst(text) && !pieces.length ? '•' : lostMark(page, 'symbol')))
    }
    text.replaceWith(...pieces)
  }
}

/** A sign of its own at the beginning is a bullet. */
function isFirst(text: Text): boolean {
  const block = text.parentElement?.closest('p, li, div, td')
  return block?.textContent?.trimStart().startsWith(text.data.trimStart().charAt(0)) ?? false
}

function fontOf(element: Element | null): string {
  for (let at = element; at; at = at.parentElement) {
    const font = valueOf(at, 'font-family') || at.getAttribute('face') || ''
    if (font) return FONT.exec(font)?.[1]?.toLowerCase() ?? ''
  }
  return ''
}
