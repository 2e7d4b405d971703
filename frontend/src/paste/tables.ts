/** A letter has no tables: each row becomes a paragraph, and frames that mail programs draw with tables go. */

import type { PasteReport } from './report'

const SEPARATOR = ' | '
const BLOCKS = 'h1, h2, h3, h4, h5, h6, ol, ul, blockquote, div, section'

export function flattenTables(page: Document, report: PasteReport): void {
  for (const table of [...page.body.querySelectorAll('table')].reverse()) {
    const rows = [...table.querySelectorAll('tr')]
    if (rows.some((row) => filledCells(row).length > 1) && !table.querySelector(BLOCKS)) report.add('tables')
    table.replaceWith(...rows.flatMap((row) => (row.querySelector(BLOCKS) ? blocks(row) : [paragraph(row)])))
  }
}

function filledCells(row: Element): Element[] {
  return [...row.querySelectorAll('td, th')].filter((cell) => cell.textContent?.trim())
}

/** The cells side by side, in one paragraph. */
function paragraph(row: Element): Element {
  const line = row.ownerDocument.createElement('p')
  for (const cell of filledCells(row)) {
    if (line.hasChildNodes()) line.append(SEPARATOR)
    for (const inner of cell.querySelectorAll('p')) {
      if (inner.previousElementSibling) inner.before(row.ownerDocument.createElement('br'))
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
