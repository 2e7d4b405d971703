/** Two texts side by side, block by block: what somebody else saved, and what is in this window. */

import { plainText, stable, type DocNode, type Snapshot } from '../letterDocument'
import { el } from '../dom'
import { plural, message } from '../messages'
import { openDialog } from './dialog'

export interface Difference {
  kind: 'same' | 'changed' | 'theirs' | 'mine'
  theirs: string
  mine: string
}

/** Leaf blocks in reading order, with their ids. */
function leaves(node: DocNode, name: (atom: DocNode) => string): { id: string; form: string; text: string }[] {
  const textual = ['paragraph', 'heading', 'signatories'].includes(node.type)
  if (!textual) return (node.content ?? []).flatMap((child) => leaves(child, name))
  return [{ id: String(node.attrs?.id ?? ''), form: stable(node), text: plainText(node, name) }]
}

/** Blocks with the same id are the same block. The order is that of `mine`, with blocks that only `theirs` has in place. */
export function differences(theirs: Snapshot, mine: Snapshot, name: (atom: DocNode) => string): Difference[] {
  const found: Difference[] = []
  if (theirs.subject !== mine.subject) found.push({ kind: 'changed', theirs: theirs.subject, mine: mine.subject })
  const here = leaves(mine.body, name)
  const there = leaves(theirs.body, name)
  const ids = new Set(here.map((leaf) => leaf.id))
  let next = 0
  const passOver = (id: string) => {
    while (next < there.length && there[next]!.id !== id) {
      const leaf = there[next]!
      if (!ids.has(leaf.id)) found.push({ kind: 'theirs', theirs: leaf.text, mine: '' })
      next += 1
    }
  }
  for (const leaf of here) {
    const at = there.findIndex((other) => other.id === leaf.id)
    if (at >= next) passOver(leaf.id)
    const other = there[at]
    if (!other) found.push({ kind: 'mine', theirs: '', mine: leaf.text })
    else found.push({ kind: other.form === leaf.form ? 'same' : 'changed', theirs: other.text, mine: leaf.text })
    if (at >= next) next = at + 1
  }
  passOver('')
  return found
}

/** Resolves to "mine", "theirs" or "" (nothing yet). */
export function compare(title: string, theirs: Snapshot, mine: Snapshot, name: (atom: DocNode) => string): Promise<string> {
  const rows = differences(theirs, mine, name)
  const table = el(
    'table',
    { class: 'compare' },
    el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, message('theirs')), el('th', { scope: 'col' }, message('mine')))),
    el(
      'tbody',
      {},
      ...condensed(rows).map((row) => (typeof row === 'number' ? gap(row) : pair(row))),
    ),
  )
  const alike = rows.every((row) => row.kind === 'same')
  const scroll = el('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': title }, table)
  return openDialog(
    title,
    [el('p', { class: 'hint' }, message(alike ? 'compare-alike' : 'compare-hint')), scroll],
    [
      { action: 'mine', label: message('keep-mine') },
      { action: 'theirs', label: message('take-theirs'), kind: 'danger' },
    ],
    'wide',
  ).closed
}

/** Differences with their neighbours; a number replaces that many equal paragraphs. */
function condensed(rows: Difference[]): (Difference | number)[] {
  const shown: (Difference | number)[] = []
  rows.forEach((row, index) => {
    const near = rows.slice(Math.max(0, index - 1), index + 2).some((other) => other.kind !== 'same')
    const last = shown.at(-1)
    if (near) shown.push(row)
    else if (typeof last === 'number') shown[shown.length - 1] = last + 1
    else shown.push(1)
  })
  return shown
}

function gap(paragraphs: number): HTMLElement {
  return el('tr', {}, el('td', { colspan: 2, class: 'same' }, plural('same', paragraphs)))
}

function pair(row: Difference): HTMLElement {
  const both = row.kind === 'changed'
  return el('tr', {}, cell(row.theirs, both || row.kind === 'theirs'), cell(row.mine, both || row.kind === 'mine'))
}

function cell(text: string, marked: boolean): HTMLElement {
  return el('td', { dir: 'auto', class: marked ? 'differs' : '' }, text || '–')
}
