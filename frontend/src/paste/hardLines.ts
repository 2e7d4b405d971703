/** Lines that a PDF viewer broke hard, in HTML: a break or a paragraph for each line of the page. */

import { joinedLines, LONGEST_LINE } from './plain'
import type { PasteReport } from './report'
import { styleOf } from './style'

/** Lines of at least so many characters are those of a page; addresses and poems have shorter ones. */
const PAGE_LINE = 45
const FULL = 0.72
const MAX_BREAKS = 500
const LINES = 'p, div'
const TEXTS = 'p, div, li, td, blockquote'

export function joinHardLines(page: Document, report: PasteReport): void {
  for (const block of [page.body, ...page.body.querySelectorAll(TEXTS)]) joinBreaks(block, report)
  for (const parent of new Set([...page.body.querySelectorAll(LINES)].map((line) => line.parentElement))) {
    if (parent && !parent.closest('td, li')) joinParagraphs(parent, report)
  }
}

/** `<br>` at the end of a full line is a space. */
function joinBreaks(block: Element, report: PasteReport): void {
  const breaks = [...block.querySelectorAll(':scope > br, :scope > span > br')]
  const lines = breaks.map((line) => lineBefore(line, block))
  const isDivided = lines.length === 1 && /\p{Ll}[-‐\u00ad]$/u.test(lines[0] ?? '')
  if ((breaks.length < 2 && !isDivided) || breaks.length > MAX_BREAKS) return
  const width = Math.max(...lines.map((words) => words.length))
  if (width < PAGE_LINE || width > LONGEST_LINE) return
  const whole = [...lines, lineAfter(breaks.at(-1)!, block)].join('\n')
  breaks.forEach((line, index) => {
    const next = lineAfter(line, block)
    if ((lines[index]?.length ?? 0) < width * FULL || !next.trim()) return
    join(line, line.previousSibling ?? line.parentElement!.previousSibling, next, whole, report)
  })
}

/** Paragraphs that are full lines and go on in the next with a small letter. */
function joinParagraphs(parent: Element, report: PasteReport): void {
  const lines = [...parent.children].filter(isLine)
  if (lines.length < 3) return
  const widths = lines.map((line) => (line.textContent ?? '').trim().length)
  const width = Math.max(...widths)
  if (width < PAGE_LINE || width > LONGEST_LINE) return
  const whole = lines.map((line) => line.textContent).join('\n')
  for (let at = lines.length - 1; at > 0; at -= 1) {
    const [before, after] = [lines[at - 1]!, lines[at]!]
    const [words, next] = [(before.textContent ?? '').trim(), (after.textContent ?? '').trim()]
    const goesOn = /^\p{Ll}/u.test(next) && !/[.:;!?»”"]$/.test(words) && before.nextElementSibling === after
    if (!goesOn || (words.length < width * FULL && !/[-‐\u00ad]$/.test(words))) continue
    const gap = before.ownerDocument.createElement('br')
    before.append(gap)
    join(gap, gap.previousSibling, next, whole, report)
    const first = after.firstChild
    if (first instanceof Text) first.data = first.data.trimStart()
    before.append(...after.childNodes)
    after.remove()
  }
}

/** Word processors write paragraphs, never lines. */
function isLine(line: Element): line is HTMLElement {
  const isParagraph = /mso|paragraph|list|quote/i.test(line.className) || /mso-/i.test(styleOf(line))
  return line.matches(LINES) && !isParagraph && !line.querySelector('p, div, br, ul, ol, table, img')
}

/** Puts a space, or nothing after a word that was divided, in place of the break. */
function join(line: Element, last: Node | null, next: string, whole: string, report: PasteReport): void {
  const text = lastText(last)
  const words = text?.data.trimEnd() ?? ''
  const joined = joinedLines(words, next.trimStart(), whole, report)
  if (text && words) text.data = joined.slice(0, joined.length - next.trimStart().length).trimEnd()
  const spaced = joined.endsWith(` ${next.trimStart()}`)
  for (let node = line.nextSibling; node instanceof Text && !spaced; node = node.nextSibling) {
    node.data = node.data.trimStart()
    if (node.data) break
  }
  line.replaceWith(spaced ? ' ' : '')
}

function lastText(node: Node | null): Text | null {
  if (node instanceof Text) return node
  return node?.lastChild ? lastText(node.lastChild) : null
}

function lineBefore(line: Element, block: Element): string {
  return (textUpTo(line, block).split('\u0000').at(-1) ?? '').trim()
}

function lineAfter(line: Element, block: Element): string {
  const range = line.ownerDocument.createRange()
  range.setStartAfter(line)
  range.setEndAfter(block.lastChild ?? block)
  return textOf(range.cloneContents()).split('\u0000')[0]?.replace(/\s+/g, ' ') ?? ''
}

function textUpTo(line: Element, block: Element): string {
  const range = line.ownerDocument.createRange()
  range.setStart(block, 0)
  range.setEndBefore(line)
  return textOf(range.cloneContents()).replace(/[^\S\u0000]+/g, ' ')
}

/** With U+0000, which HTML cannot hold, where lines break. */
function textOf(fragment: DocumentFragment): string {
  for (const line of fragment.querySelectorAll('br')) line.replaceWith('\u0000')
  return fragment.textContent ?? ''
}
