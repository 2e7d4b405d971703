/**
 * Lists of other programs as lists of a letter, which have one level and always begin at the first number. What was a
 * list in the list becomes paragraphs of the item above, and numbering that goes on after an interruption goes on.
 */

import type { PasteReport } from './report'
import { styleOf } from './style'

const LISTS = 'ol, ul'
const ROMAN = ['i', 'ii', 'iii', 'iv', 'v', 'vi', 'vii', 'viii', 'ix', 'x', 'xi', 'xii', 'xiii', 'xiv', 'xv', 'xvi', 'xvii', 'xviii', 'xix', 'xx']

/** Word writes list items as paragraphs that name their list in a style: each becomes a list of one item. */
export function readWordLists(page: Document): void {
  for (const paragraph of page.body.querySelectorAll<HTMLElement>('p, h1, h2, h3, h4, h5, h6, div')) {
    const [, list = '', level = '1', format = ''] = /mso-list:\s*(l\d+)\s+level(\d+)\s+(lfo\d+)/i.exec(styleOf(paragraph)) ?? []
    if (!list) continue
    const marker = [...paragraph.querySelectorAll<HTMLElement>('span')].find(
      (span) => span.hasAttribute('data-list-marker') || /mso-list:\s*ignore/i.test(styleOf(span)),
    )
    const sign = (marker?.textContent ?? '').trim()
    marker?.remove()
    const numbered = /^\(?[0-9a-z]{1,5}[.)]/i.test(sign)
    const frame = page.createElement(numbered ? 'ol' : 'ul')
    frame.dataset.source = `${list} ${format}`
    frame.dataset.level = level
    if (numbered) {
      frame.dataset.sign = sign
      frame.dataset.marker = sign.replace(/[().\s]/g, '').toLowerCase()
    }
    const item = page.createElement('li')
    paragraph.replaceWith(frame)
    const inner = page.createElement('p')
    inner.append(...paragraph.childNodes)
    item.append(inner)
    frame.append(item)
  }
}

/** Every list in `container`, whose children are blocks, gets one level; lists that go on are joined. */
export function joinLists(container: Element, report: PasteReport): void {
  let previous: HTMLElement | null = null
  for (const list of [...container.children].filter((child): child is HTMLElement => child.matches(LISTS))) {
    liftStrayLists(list)
    for (const item of [...list.children] as HTMLElement[]) {
      flattenItem(item)
      for (const block of item.querySelectorAll('h1, h2, h3, h4, h5, h6, blockquote, pre')) asParagraph(block)
      if (!item.textContent?.trim() && !item.querySelector('[data-field], [data-fact]')) item.remove()
    }
    if (!list.children.length) {
      list.remove()
      continue
    }
    if (previous && joined(previous, list)) continue
    if (startOf(list) > 1) writeNumbers(list, report)
    else previous = list
  }
}

/** An item holds paragraphs only. */
function asParagraph(block: Element): void {
  const paragraph = block.ownerDocument.createElement('p')
  paragraph.append(...block.childNodes)
  block.replaceWith(paragraph)
}

function level(list: HTMLElement): number {
  const item = list.firstElementChild as HTMLElement | null
  return Number(list.dataset.level ?? item?.getAttribute('data-aria-level') ?? item?.getAttribute('aria-level') ?? 1)
}

/** Google Docs puts a list that belongs to an item beside the item. */
function liftStrayLists(list: HTMLElement): void {
  for (const child of [...list.children] as HTMLElement[]) {
    if (child.matches('li')) continue
    const before = child.previousElementSibling
    if (child.matches(LISTS) && before) before.append(child)
    else if (child.matches(LISTS)) child.replaceWith(...child.children)
    else if (child.textContent?.trim()) {
      const item = list.ownerDocument.createElement('li')
      child.replaceWith(item)
      item.append(child)
    } else child.remove()
  }
}

/** Lists inside the item become its paragraphs, each with the mark it had. */
function flattenItem(item: HTMLElement, depth = 2): void {
  for (const inner of [...item.querySelectorAll<HTMLElement>(LISTS)].filter((list) => list.parentElement?.closest(LISTS) === item.parentElement)) {
    liftStrayLists(inner)
    for (const child of inner.children) flattenItem(child as HTMLElement, depth + 1)
    inner.replaceWith(...paragraphs(inner, depth))
  }
}

/** The items of a list as paragraphs that begin with "(i)" or a dash. */
function paragraphs(list: HTMLElement, depth: number): Element[] {
  const start = startOf(list)
  return ([...list.children] as HTMLElement[]).flatMap((item, index) => {
    const mark = list.localName === 'ul' ? '–' : innerNumber(list, start + index, depth)
    return itemParagraphs(item, mark)
  })
}

function itemParagraphs(item: HTMLElement, mark: string): Element[] {
  const page = item.ownerDocument
  const blocks: Element[] = []
  let line: Element | null = null
  for (const node of [...item.childNodes]) {
    if (node instanceof Element && node.matches('p, div, h1, h2, h3, h4, h5, h6, blockquote, table, pre')) {
      line = null
      if (node.textContent?.trim()) blocks.push(node)
    } else if (line || node.textContent?.trim()) {
      line ??= blocks[blocks.push(page.createElement('p')) - 1]!
      line.append(node)
    }
  }
  blocks[0]?.prepend(`${mark} `)
  return blocks
}

/** The number as the source shows it where that is known, else roman under the letters of the list around it. */
function innerNumber(list: HTMLElement, number: number, depth: number): string {
  const style = listStyle(list) || (list.getAttribute('type') ?? '')
  if (list.dataset.marker) return `(${list.dataset.marker})`
  if (/^decimal/.test(style) || style === '1' || depth > 2) return `(${number})`
  if (/alpha|latin/.test(style) || style.toLowerCase() === 'a') return `(${String.fromCharCode(96 + Math.min(number, 26))})`
  return `(${ROMAN[number - 1] ?? number})`
}

function listStyle(list: HTMLElement): string {
  const styles = `${styleOf(list)};${list.firstElementChild ? styleOf(list.firstElementChild) : ''}`
  return /list-style-type:\s*([\w-]+)/i.exec(styles)?.[1] ?? ''
}

/** The number of the list's first item, 1 where nothing says so. */
function startOf(list: HTMLElement): number {
  if (list.localName === 'ul') return 1
  const first = list.firstElementChild
  const given = Number(list.getAttribute('start') ?? first?.getAttribute('value') ?? first?.getAttribute('data-aria-posinset') ?? 0)
  if (given) return given
  const marker = list.dataset.marker ?? ''
  if (/^\d+$/.test(marker)) return Number(marker)
  if (/^[a-z]$/.test(marker) && marker !== 'i') return marker.charCodeAt(0) - 96
  return Math.max(1, ROMAN.indexOf(marker) + 1)
}

/** Puts the items of `list` into `previous` where the source goes on with it. */
function joined(previous: HTMLElement, list: HTMLElement): boolean {
  const between: Element[] = []
  for (let node = previous.nextSibling; node && node !== list; node = node.nextSibling) {
    if (node instanceof Element) between.push(node)
    else if (node.textContent?.trim()) return false
  }
  const last = previous.lastElementChild
  if (!last) return false
  if (level(list) > level(previous)) {
    if (between.length) return false
    last.append(...paragraphs(list, level(list)))
    list.remove()
    return true
  }
  const goesOn = list.localName === 'ol' && startOf(list) > 1 && startOf(list) === previous.children.length + 1
  const sameSource = list.dataset.source !== undefined && list.dataset.source === previous.dataset.source
  const onePiece = list.hasAttribute('data-wrapped') && previous.hasAttribute('data-wrapped') && startOf(list) === 1 && list.localName === 'ul'
  if (list.localName !== previous.localName || !(goesOn || (!between.length && (sameSource || onePiece)))) return false
  if (!between.every((element) => element.matches('p'))) return false
  last.append(...between)
  previous.append(...list.children)
  list.remove()
  return true
}

/** A list that begins in the middle keeps its numbers as words: a letter's list would begin again at (a). */
function writeNumbers(list: HTMLElement, report: PasteReport): void {
  const start = startOf(list)
  const isLettered = /^[a-z]$/i.test(list.getAttribute('type') ?? '') || /alpha|latin|roman/.test(listStyle(list))
  const number = (index: number) => (isLettered ? innerNumber(list, start + index, 2) : `${start + index}.`)
  const written = ([...list.children] as HTMLElement[]).flatMap((item, index) => itemParagraphs(item, list.dataset.sign ?? number(index)))
  if (!list.previousElementSibling?.hasAttribute('data-numbered')) report.add('numbers')
  for (const paragraph of written) paragraph.setAttribute('data-numbered', '')
  list.replaceWith(...written)
}
