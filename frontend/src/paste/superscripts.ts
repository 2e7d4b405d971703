/**
 * Raised and lowered text. Where Unicode has the characters they are used, as they survive every copy: "3¹ million"
 * can never become "31 million". The rest keeps its place by a mark of the letter.
 */

import type { PasteReport } from './report'
import { styleOf } from './style'

const RAISED = table('0123456789+-−=()inao', '⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁱⁿªº')
const RAISED_LETTERS = table('abcdefghjklmprstuvwxyz', 'ᵃᵇᶜᵈᵉᶠᵍʰʲᵏˡᵐᵖʳˢᵗᵘᵛʷˣʸᶻ')
const LOWERED = table('0123456789+-−=()aehijklmnoprstuvx', '₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ')
/** Marks that need no raising. */
const ON_THE_LINE = /^([™®©℠*†‡§¶]+|TM|SM|\[.{1,8}\])$/u
/** Endings, which are raised by a mark: 1er, 21st, Mme, Dr, S.A.R.L. */
const ENDING = /^(e|er|ère|ere|ers|eme|ème|es|re|res|nd|nde|st|th|rd|le|lle|mes?|gr|lo|la|[ao]s)$/iu
/** The number of a note: "12iv" would be another word. */
const ROMAN = /^[ivxlc]+$/i
/** Longer text was moved by a style for other reasons. */
const MAX_SHIFTED = 12
const OWN = '[data-fact], [data-note], [data-note-for], [data-lost]'

type Shift = 'raised' | 'lowered'

export function replaceSuperscripts(page: Document, report: PasteReport): void {
  for (const element of page.body.querySelectorAll('*')) {
    if (!element.isConnected || element.matches(OWN)) continue
    const shift = shiftOf(element)
    if (!shift || hasShiftedParent(element)) continue
    const text = element.textContent ?? ''
    const replaced = shift === 'raised' ? raised(text) : lowered(text)
    if (replaced === null && !element.querySelector(OWN)) {
      keepShifted(element, shift)
      continue
    }
    if (replaced !== null && replaced !== text) {
      const only = textNodes(element)
      if (only.length === 1) only[0]!.data = replaced // a link around it stays
      else element.textContent = replaced
      report.add(/^\[.+\]$/.test(replaced.trim()) ? 'footnotes' : 'scripts')
    }
    if (element.matches('sup, sub')) element.replaceWith(...element.childNodes)
  }
}

/** Leaves it to the letter's own mark. */
function keepShifted(element: Element, shift: Shift): void {
  for (const inner of element.querySelectorAll('sup, sub')) inner.replaceWith(...inner.childNodes)
  const tag = shift === 'raised' ? 'sup' : 'sub'
  if (element.localName === tag) return
  const mark = element.ownerDocument.createElement(tag)
  mark.append(...element.childNodes)
  if (element.matches('sup, sub')) element.replaceWith(mark)
  else element.append(mark)
}

function table(plain: string, shifted: string): Map<string, string> {
  const characters = [...shifted]
  return new Map([...[...plain].map((char, index): [string, string] => [char, characters[index] ?? char]), ...characters.map((char): [string, string] => [char, char])])
}

function shiftOf(element: Element): Shift | null {
  const style = styleOf(element)
  if (/vertical-align:\s*(baseline|0)/i.test(style)) return null
  if (element.matches('span[role="presentation"]')) return shiftInViewer(element)
  if (element.localName === 'sup') return 'raised'
  if (element.localName === 'sub') return 'lowered'
  const [, amount = ''] = /(?:vertical-align|mso-text-raise|baseline-shift):\s*(super|sub\b|-?[\d.]+(?:pt|px|em|%|ex))/i.exec(style) ?? []
  const short = (element.textContent ?? '').length <= MAX_SHIFTED
  const [, position = ''] = /font-variant-position:\s*(super|sub)/i.exec(style) ?? []
  if (position && short) return position === 'super' ? 'raised' : 'lowered'
  if (short && isSmall(style) && /vertical-align:\s*(?:text-)?top/i.test(style) && !element.matches('td, th, tr, img')) return 'raised'
  if (amount && short && !element.matches('td, th, tr, img, p, div, li')) return /^(-|sub\b)/i.test(amount) ? 'lowered' : 'raised'
  if (short && !amount && /position:\s*relative/i.test(style) && !element.matches('p, div, li, td, th, img')) {
    const [, moved = ''] = /(?:^|[\s;])top:\s*(-?[\d.]+)(?:pt|px|em|ex)/i.exec(style) ?? []
    if (Number(moved)) return Number(moved) < 0 ? 'raised' : 'lowered'
  }
  if ([...element.classList].some((name) => /^superscript$/i.test(name))) return 'raised'
  return [...element.classList].some((name) => /^subscript$/i.test(name)) ? 'lowered' : null
}

/** Viewers of PDFs put every piece of text in its place: a short, small one behind another is raised, or lowered. */
function shiftInViewer(piece: Element): Shift | null {
  const before = piece.previousElementSibling
  if (!before?.matches('span[role="presentation"]') || !/^[\d,*†‡()+−-]{1,4}$/.test(piece.textContent?.trim() ?? '')) return null
  const [size, usual] = [piece, before].map((one) => Number(/font-size:[^;]*?([\d.]+)px/.exec(styleOf(one))?.[1]))
  const [[top, unit], [line]] = [piece, before].map((one) => /(?:^|[\s;])top:\s*([\d.]+)(%|px)/.exec(styleOf(one))?.slice(1) ?? []) as [string[], string[]]
  if (!size || !usual || !top || !line || size > usual * 0.8) return null
  return Number(top) - Number(line) > (unit === '%' ? 0.3 : usual * 0.3) ? 'lowered' : 'raised'
}

/** Smaller than text usually is, as far as its own style says. */
function isSmall(style: string): boolean {
  const [, size = '', unit = ''] = /font-size:\s*(smaller|x{1,2}-small|[\d.]+)(em|%|px|pt)?/i.exec(style) ?? []
  if (Number.isNaN(Number(size))) return true
  return size !== '' && Number(size) < ({ em: 0.9, '%': 90, px: 11, pt: 9 }[unit.toLowerCase()] ?? 0)
}

function hasShiftedParent(element: Element): boolean {
  const parent = element.parentElement
  return parent !== null && (shiftOf(parent) !== null || hasShiftedParent(parent))
}

function textNodes(element: Element): Text[] {
  const walker = element.ownerDocument.createTreeWalker(element, NodeFilter.SHOW_TEXT)
  const found: Text[] = []
  while (walker.nextNode()) if ((walker.currentNode as Text).data.trim()) found.push(walker.currentNode as Text)
  return found
}

/** The text as it stands on the line; null where only a mark can raise it. */
function raised(text: string): string | null {
  const trimmed = text.trim()
  if (!trimmed || ON_THE_LINE.test(trimmed)) return text
  if (ENDING.test(trimmed) && !RAISED.has(trimmed)) return null
  if (trimmed.length === 1) {
    const char = RAISED.get(trimmed) ?? RAISED_LETTERS.get(trimmed.toLowerCase())
    return char ? text.replace(trimmed, char) : null
  }
  const shifted = inCharacters(text, RAISED)
  return shifted ?? (ROMAN.test(trimmed) ? text.replace(trimmed, `[${trimmed}]`) : null)
}

function lowered(text: string): string | null {
  return text.trim() ? inCharacters(text, LOWERED) : text
}

/** Each character replaced, or null where one cannot be. Commas between numbers stay as they are. */
function inCharacters(text: string, characters: Map<string, string>): string | null {
  if (![...text.trim()].every((char) => characters.has(char) || /[,\s]/.test(char))) return null
  return text.replace(/\S/gu, (char) => characters.get(char) ?? char)
}
