/**
 * Raised and lowered text. A letter has neither, and "3¹ million" must not become "31 million", so their characters
 * become Unicode's own superscripts and subscripts.
 */

import type { PasteReport } from './report'
import { styleOf } from './style'

const RAISED = table('0123456789+-−=()inao', '⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁱⁿªº')
const RAISED_LETTERS = table('abcdefghjklmprstuvwxyz', 'ᵃᵇᶜᵈᵉᶠᵍʰʲᵏˡᵐᵖʳˢᵗᵘᵛʷˣʸᶻ')
const LOWERED = table('0123456789+-−=()aehijklmnoprstuvx', '₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ')
/** Endings that are written on the line just as well: 1er, 21st, Mme, Dr, S.A.R.L., and marks that need no raising. */
const ON_THE_LINE = /^(e|er|ère|ere|ers|eme|ème|es|re|res|nd|nde|st|th|rd|le|lle|mes?|gr|lo|la|[ao]s|[™®©℠*†‡§¶]+|TM|SM|\[.{1,8}\])$/iu
/** The number of a note: "12iv" would be another word. */
const ROMAN = /^[ivxlc]+$/i
/** Longer text was moved by a style for other reasons. */
const MAX_SHIFTED = 12
/** A link from the text to a note, or from the note back to the text. */
const NOTE_LINK = /^#(_?(ftn|edn)|sd(foot|end)note|fn(ref)?[\d:-]|(foot|end)note|cite_(note|ref))/i
const BACK_LINK = /^#(_?(ftn|edn)t?_?ref|fnref|cite_ref)|anc$/i

export function replaceSuperscripts(page: Document, report: PasteReport): void {
  markNotes(page, report)
  for (const element of page.body.querySelectorAll('*')) {
    if (!element.isConnected) continue
    const shift = shiftOf(element)
    if (!shift || hasShiftedParent(element)) continue
    const text = element.textContent ?? ''
    const replaced = shift === 'raised' ? raised(text) : lowered(text)
    if (replaced === text) continue
    const only = textNodes(element)
    if (only.length === 1) only[0]!.data = replaced // a link around it stays
    else element.textContent = replaced
    report.add(/^\[.+\]$/.test(replaced.trim()) ? 'footnotes' : 'scripts')
  }
}

function table(plain: string, shifted: string): Map<string, string> {
  const characters = [...shifted]
  return new Map([...[...plain].map((char, index): [string, string] => [char, characters[index] ?? char]), ...characters.map((char): [string, string] => [char, char])])
}

function shiftOf(element: Element): 'raised' | 'lowered' | null {
  const style = styleOf(element)
  if (/vertical-align:\s*(baseline|0)/i.test(style)) return null
  if (element.localName === 'sup') return 'raised'
  if (element.localName === 'sub') return 'lowered'
  const [, amount = ''] = /(?:vertical-align|mso-text-raise|baseline-shift):\s*(super|sub\b|-?[\d.]+(?:pt|px|em|%|ex))/i.exec(style) ?? []
  const short = (element.textContent ?? '').length <= MAX_SHIFTED
  if (amount && short && !element.matches('td, th, tr, img, p, div, li')) return /^(-|sub\b)/i.test(amount) ? 'lowered' : 'raised'
  if (short && !amount && /position:\s*relative/i.test(style) && !element.matches('p, div, li, td, th, img')) {
    const [, moved = ''] = /(?:^|[\s;])top:\s*(-?[\d.]+)(?:pt|px|em|ex)/i.exec(style) ?? []
    if (Number(moved)) return Number(moved) < 0 ? 'raised' : 'lowered'
  }
  if ([...element.classList].some((name) => /^superscript$/i.test(name))) return 'raised'
  return [...element.classList].some((name) => /^subscript$/i.test(name)) ? 'lowered' : null
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

function raised(text: string): string {
  const trimmed = text.trim()
  if (!trimmed || ON_THE_LINE.test(trimmed)) return text
  if (trimmed.length === 1) {
    return text.replace(trimmed, RAISED.get(trimmed) ?? RAISED_LETTERS.get(trimmed.toLowerCase()) ?? `[${trimmed}]`)
  }
  return shifted(text, RAISED, '^')
}

function lowered(text: string): string {
  return text.trim() ? shifted(text, LOWERED, '_') : text
}

/** Each character replaced, or the whole as "^(1/2)" where one cannot be. Commas between numbers stay as they are. */
function shifted(text: string, characters: Map<string, string>, sign: '^' | '_'): string {
  const trimmed = text.trim()
  if ([...trimmed].every((char) => characters.has(char) || /[,\s]/.test(char))) {
    return text.replace(/\S/gu, (char) => characters.get(char) ?? char)
  }
  if (/\s/.test(trimmed)) return ` (${trimmed}) `
  if (sign === '^' && ROMAN.test(trimmed)) return `[${trimmed}]`
  return /^\p{L}+$/u.test(trimmed) ? `${sign === '^' ? '' : sign}${trimmed}` : `${sign}(${trimmed})`
}

/** Numbers of notes become "[1]", where they are referred to and where the note begins. */
function markNotes(page: Document, report: PasteReport): void {
  for (const link of page.body.querySelectorAll('a')) {
    const style = styleOf(link)
    const id = /mso-(?:foot|end)note-id:\s*(?:ftn|edn)(\w+)/i.exec(style)?.[1]
    const target = (link.getAttribute('href') ?? '').replace(/^[^#]*/, '')
    if (!id && !NOTE_LINK.test(target) && !/^sd(foot|end)note(anc|sym)$/.test(link.className)) continue
    const words = (link.textContent ?? '').replace(/[[\]\s]/g, '') || (id ?? '')
    if (!/^(\d{1,4}|[ivxlc]{1,8}|[a-z]|[*†‡§]+)$/i.test(words)) continue
    const isReference = !BACK_LINK.test(target)
    const mark = page.createTextNode(isReference ? `[${words}]` : `[${words}] `)
    const raisedParent = link.closest('sup')
    ;(raisedParent && raisedParent.textContent?.trim() === link.textContent?.trim() ? raisedParent : link).replaceWith(mark)
    if (isReference) report.add('footnotes')
  }
}
