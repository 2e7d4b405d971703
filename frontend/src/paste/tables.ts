/**
 * A letter has no tables: each row becomes a paragraph, with a mark that says so before the first. Frames that mail
 * programs draw with tables go.
 */

import { lostMark } from './lost'
import type { PasteReport } from './report'

const SEPARATOR = ' | '
const MAX_ROWS = 100
const BLOCKS = 'h1, h2, h3, h4, h5, h6, ol, ul, blockquote, div, section'

export function flattenTables(page: Document, report: PasteReport): void {
  for (const table of [...page.body.querySelectorAll('table')].reverse()) {
    const rows = [...table.querySelectorAll('tr')]
    for (const cell of table.querySelectorAll('td, th')) unwrapOnly(cell)
    repeatMerged(rows)
    const hasColumns = rows.some((row) => filledCells(row).length > 1)
    const caption = table.querySelector('caption')?.textContent
    const flat = rows.flatMap((row) => (row.querySelector(BLOCKS) ? blocks(row) : [paragraph(row, hasColumns)]))
    if (caption?.trim()) {
      const line = page.createElement('p')
      line.textContent = caption.trim()
      flat.unshift(line)
    }
    if (hasColumns && flat[0]) {
      report.add('tables')
      markStart(flat[0] as Element)
    }
    table.replaceWith(...flat)
  }
}

/** Frames around the one text of a cell, as Word on the web and web pages have them. */
function unwrapOnly(cell: Element): void {
  const frames = [...cell.querySelectorAll('div, section')]
  const texts = cell.querySelectorAll('p, div:not(:has(div, section, p)), section:not(:has(div, section, p))')
  if (texts.length > 1 || cell.querySelector('h1, h2, h3, h4, h5, h6, ol, ul, blockquote, table')) return
  for (const frame of frames.reverse()) frame.replaceWith(...frame.childNodes)
}

function markStart(first: Element): void {
  const place = first.matches('p') ? first : (first.querySelector('p, h1, h2, h3, h4, h5, h6, li, div:not(:has(div, p, ul, ol))') ?? first)
  place.prepend(lostMark(first.ownerDocument, 'table'))
}

/** A cell that stands beside several rows is said in each. */
function repeatMerged(rows: HTMLTableRowElement[]): void {
  rows.forEach((row, at) => {
    for (const cell of [...row.cells].filter((one) => one.rowSpan > 1)) {
      for (const below of rows.slice(at + 1, at + Math.min(cell.rowSpan, MAX_ROWS))) {
        const again = cell.cloneNode(true) as HTMLTableCellElement
        again.rowSpan = 1
        below.insertBefore(again, below.cells[cell.cellIndex] ?? null)
      }
    }
  })
}

function filledCells(row: Element): Element[] {
  return [...row.querySelectorAll('td, th')].filter((cell) => cell.textContent?.trim())
}

/** The cells side by side, in one paragraph. An empty one before others keeps its place, so that they keep theirs. */
function paragraph(row: Element, hasColumns: boolean): Element {
  const line = row.ownerDocument.createElement('p')
  const filled = filledCells(row)
  const cells = [...row.querySelectorAll('td, th')]
  for (const cell of hasColumns && filled.length ? cells.slice(0, cells.indexOf(filled.at(-1)!) + 1) : filled) {
    if (cell !== cells[0] && (line.hasChildNodes() || hasColumns)) line.append(SEPARATOR)
    for (const inner of cell.querySelectorAll('p')) {
      if (inner.previousElementSibling || inner.previousSibling?.textContent?.trim()) inner.before(row.ownerDocument.createElement('br'))
      inner.replaceWith(...inner.childNodes)
    }
    trim(cell)
    line.append(...cell.childNodes)
  }
  return line
}

/** The content of cells that are a frame around paragraphs, lists or other tables. */
function blocks(row: Element): Node[] {
  return [...row.querySelectorAll('td, th')].flatMap((cell) => {
    const frame = row.ownerDocument.createElement('div')
    frame.append(...cell.childNodes)
    return [frame]
  })
}

/** Without the white space of the source around its text. */
function trim(cell: Element): void {
  const [first, last] = [cell.firstChild, cell.lastChild]
  if (first instanceof Text) first.data = first.data.trimStart()
  if (last instanceof Text) last.data = last.data.trimEnd()
}
