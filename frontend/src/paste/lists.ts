/**
 * Lists of other programs as lists of a letter: with their numbers, in each other as they were, at most four levels
 * deep. What the source shows as one list in pieces becomes one again; what goes on after an interruption goes on.
 */

import { depthOf, firstOf, LISTS, levelOf, number, numberingOf, saidNumbering, signsOf, skipDeleted, sourceOf, splitAtValues } from './listNumbers'
import { leadsWith, numbersOf } from './numbers'
import { styleOf } from './style'

const TEXTS = 'p, h1, h2, h3, h4, h5, h6, pre, blockquote, address, dt, dd'
const FRAMES = 'div, section, article, header, footer, center'
const HELD = '[data-field], [data-fact], [data-note], [data-lost]'
const MAX_LEVELS = 4
/** Word's paragraphs that continue an item. */
const CONTINUES = '[class*="ListContinue" i], [class*="ListParagraph" i]'

/** Word writes list items as paragraphs that name their list in a style: each becomes a list of one item. */
export function readWordLists(page: Document): void {
  for (const paragraph of page.body.querySelectorAll<HTMLElement>('p, h1, h2, h3, h4, h5, h6, div')) {
    const named = /mso-list:\s*(l\d+)\s+level(\d+)\s+(lfo\d+)/i.exec(styleOf(paragraph))
    const marker = named ? namedMarker(paragraph) : unnamedMarker(paragraph)
    if (!named && !marker) continue
    const [, list = '', level = '1', format = ''] = named ?? ['', 'mail', levelByMargin(paragraph)]
    const sign = (marker?.textContent ?? '').replace(/\s+/g, ' ').trim()
    marker?.remove()
    // others refer to the number of a heading; what a letter cannot count stays as it is: "Article 1."
    if (sign && (/^h\d$/.test(paragraph.localName) ? numbersOf(sign).length : isWords(sign))) paragraph.prepend(`${sign} `)
    if (/^h\d$/.test(paragraph.localName) || isWords(sign)) continue
    const frame = page.createElement(numbersOf(sign).length ? 'ol' : 'ul')
    frame.dataset.source = `${list} ${format}`
    frame.dataset.level = level
    if (frame.localName === 'ol') frame.dataset.sign = sign
    const item = page.createElement('li')
    if (paragraph.hasAttribute('data-deleted')) item.setAttribute('data-deleted', '')
    paragraph.replaceWith(frame)
    const inner = page.createElement('p')
    inner.append(...paragraph.childNodes)
    item.append(inner)
    frame.append(item)
  }
}

/** Neither a number nor a bullet: a letter of Word's bullets is one in another font. */
function isWords(sign: string): boolean {
  return /[\p{L}\p{N}]/u.test(sign) && [...sign].length > 1 && !numbersOf(sign).length
}

function namedMarker(paragraph: Element): HTMLElement | undefined {
  const spans = [...paragraph.querySelectorAll<HTMLElement>('span')]
  return spans.find((span) => span.hasAttribute('data-list-marker') || /mso-list:\s*ignore/i.test(styleOf(span)))
}

/** Outlook on the web drops the style that names a list: what is left is a number, and spaces in a small font. */
function unnamedMarker(paragraph: Element): HTMLElement | undefined {
  if (!/MsoListParagraph/i.test(paragraph.className)) return undefined
  const spaces = [...paragraph.querySelectorAll<HTMLElement>('span')].find((span) => /\b7(\.0)?pt/i.test(styleOf(span)) && !span.textContent?.trim())
  let marker = spaces?.parentElement ?? undefined
  while (marker?.parentElement?.localName === 'span' && marker.parentElement.textContent === marker.textContent) marker = marker.parentElement
  const isFirst = marker && marker !== paragraph && paragraph.textContent?.trim().startsWith(marker.textContent?.trim() || '\u0000')
  return isFirst ? marker : undefined
}

/** Word indents each level by half an inch; the first one's is in a style sheet that stays behind. */
function levelByMargin(paragraph: Element): string {
  const [, margin = '', unit = ''] = /margin-left:\s*([\d.]+)(pt|in|cm|px)/i.exec(styleOf(paragraph)) ?? []
  const step = { pt: 36, in: 0.5, cm: 1.27, px: 48 }[unit.toLowerCase()] ?? 1
  return String(Math.max(1, Math.round(Number(margin) / step)))
}

/** Paragraphs that begin with a bullet of their own. */
export function readBullets(container: Element): void {
  for (const paragraph of [...container.children].filter((child) => child.matches('p') && /^\s*[•‣▪●■]\s/.test(child.textContent ?? ''))) {
    const walker = paragraph.ownerDocument.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT)
    const first = walker.nextNode() as Text
    first.data = first.data.replace(/^\s*[•‣▪●■]\s*/, '')
    const next = first.data ? null : (walker.nextNode() as Text | null)
    if (next) next.data = next.data.trimStart()
    const before = paragraph.previousElementSibling
    const list = before?.matches('ul[data-bullets]') ? before : container.ownerDocument.createElement('ul')
    list.setAttribute('data-bullets', '')
    if (list !== before) paragraph.before(list)
    const item = container.ownerDocument.createElement('li')
    item.append(paragraph)
    list.append(item)
  }
}

/** Every list in `container`, whose children are blocks, as a letter can hold it. */
export function arrangeLists(container: Element): void {
  let previous: HTMLElement | null = null
  skipDeleted(container)
  for (const list of [...container.children].filter((child): child is HTMLElement => child.matches(LISTS))) liftStrayLists(list)
  for (const list of [...container.children].filter((child): child is HTMLElement => child.matches(LISTS))) {
    arrange(list)
    if (!list.children.length) {
      list.remove()
      continue
    }
    if (previous && goesOnWith(previous, list)) continue
    previous = list
  }
  for (const list of [...container.children].filter((child): child is HTMLElement => child.matches(LISTS))) {
    splitAtValues(list)
  }
  for (const list of container.querySelectorAll<HTMLElement>('ol')) if (isOfContainer(list, container)) number(list)
  for (const list of container.querySelectorAll<HTMLElement>(LISTS)) if (list.isConnected && depthOf(list) > MAX_LEVELS) flatten(list)
}

function isOfContainer(list: Element, container: Element): boolean {
  return !list.hasAttribute('data-numbering') && container.contains(list)
}

/** Its items hold paragraphs and lists, the first of them a paragraph. */
function arrange(list: HTMLElement): void {
  liftStrayLists(list)
  for (const item of [...list.children] as HTMLElement[]) {
    arrangeItem(item)
    if (!item.textContent?.trim() && !item.querySelector(HELD)) {
      item.remove()
      continue
    }
    const first = item.firstElementChild as HTMLElement | null
    if (!first?.matches(LISTS)) continue
    const before = item.previousElementSibling
    if (before) before.append(...item.childNodes)
    else item.before(...first.children)
    item.remove()
  }
}

/** Google Docs puts a list that belongs to an item beside the item. */
function liftStrayLists(list: HTMLElement): void {
  for (const child of [...list.children] as HTMLElement[]) {
    if (child.matches('li')) continue
    const before = child.previousElementSibling
    if (child.matches(LISTS) && before) before.append(child)
    else if (child.matches(LISTS) && list.childElementCount > 1) {
      child.dataset.level = String(levelOf(child as HTMLElement))
      list.before(child) // it goes on with an item that is further up
    } else if (child.matches(LISTS)) child.replaceWith(...child.children)
    else if (child.textContent?.trim()) {
      const item = list.ownerDocument.createElement('li')
      child.replaceWith(item)
      item.append(child)
    } else child.remove()
  }
}

function arrangeItem(item: HTMLElement): void {
  for (const frame of item.querySelectorAll(FRAMES)) {
    if (frame.querySelector(`${TEXTS}, ${LISTS}, ${FRAMES}`)) frame.replaceWith(...frame.childNodes)
  }
  let line: Element | null = null
  for (const node of [...item.childNodes]) {
    if (node instanceof HTMLElement && node.matches(LISTS)) {
      line = null
      arrange(node)
      if (!node.children.length) node.remove()
    } else if (node instanceof Element && node.matches(`${TEXTS}, ${FRAMES}`)) {
      line = null
      if (node.textContent?.trim() || node.querySelector(HELD)) asParagraph(node)
      else node.remove()
    } else if (line || node.textContent?.trim() || (node instanceof Element && (node.matches(HELD) || node.querySelector(HELD)))) {
      if (!line) {
        line = item.ownerDocument.createElement('p')
        node.before(line)
      }
      line.append(node)
    } else node.remove()
  }
}

export function asParagraph(block: Element): void {
  const paragraph = block.ownerDocument.createElement('p')
  paragraph.append(...block.childNodes)
  block.replaceWith(paragraph)
}

/** Puts `list` into the list above where the source goes on with that. */
function goesOnWith(top: HTMLElement, list: HTMLElement): boolean {
  const between: Element[] = []
  for (let node = top.nextSibling; node && node !== list; node = node.nextSibling) {
    if (node instanceof Element) between.push(node)
    else if (node.textContent?.trim()) return false
  }
  if (!between.every((element) => element.matches('p') && element.matches(CONTINUES))) return false
  let host = top
  while (levelOf(list) > levelOf(host)) {
    const last = host.lastElementChild as HTMLElement
    const inner = last.lastElementChild as HTMLElement | null
    if (!inner?.matches(LISTS) || levelOf(list) < levelOf(inner)) {
      last.append(...between, list)
      list.dataset.level = String(levelOf(list))
      return true
    }
    host = inner
  }
  if (!continues(host, list, between.length > 0)) return false
  host.lastElementChild?.append(...between)
  host.append(...list.children)
  list.remove()
  return true
}

function continues(host: HTMLElement, list: HTMLElement, interrupted: boolean): boolean {
  if (host.localName !== list.localName || levelOf(list) < levelOf(host)) return false
  const sameSource = sourceOf(list) !== '' && sourceOf(list) === sourceOf(host)
  if (list.localName === 'ul') {
    const onePiece = list.hasAttribute('data-wrapped') && host.hasAttribute('data-wrapped')
    return !interrupted && (sameSource || onePiece)
  }
  const next = firstOf(host) + host.children.length
  if (list.dataset.sign) return signsOf(list).some(({ numbering, n }) => n === next && n > 1 && numbering === numberingOf(host))
  const start = firstOf(list)
  const [kind, hostKind] = [saidNumbering(list), saidNumbering(host)]
  if (kind && hostKind && kind !== hostKind) return false
  return start > 1 ? start === next : sameSource && !interrupted
}

/** A list too deep becomes paragraphs of the item around it, each with the sign it had. */
function flatten(list: HTMLElement): void {
  const blocks = ([...list.children] as HTMLElement[]).flatMap((item, index) => {
    const sign = list.localName === 'ul' ? '–' : leadsWith(numberingOf(list), firstOf(list) + index)
    item.firstElementChild?.prepend(`${sign} `)
    return [...item.children]
  })
  list.replaceWith(...blocks)
}

/** Quotations hold paragraphs only: items of lists keep their signs as words. */
export function arrangeQuotations(container: Element): void {
  for (const paragraph of [...container.children].filter((child) => child.matches('p[class*="Quote" i], p.quotations'))) {
    const before = paragraph.previousElementSibling
    const quotation = before?.matches('blockquote[data-joined]') ? before : container.ownerDocument.createElement('blockquote')
    quotation.setAttribute('data-joined', '')
    if (quotation !== before) paragraph.before(quotation)
    quotation.append(paragraph)
  }
  for (const quotation of container.querySelectorAll('blockquote')) {
    if (!quotation.isConnected) continue
    for (const inner of quotation.querySelectorAll(`blockquote, ${FRAMES}`)) {
      if (inner.querySelector(`${TEXTS}, ${LISTS}`)) inner.replaceWith(...inner.childNodes)
      else asParagraph(inner)
    }
    arrangeLists(quotation)
    for (const list of [...quotation.querySelectorAll<HTMLElement>(LISTS)].reverse()) flatten(list)
    for (const heading of quotation.querySelectorAll('h1, h2, h3, h4, h5, h6, pre')) asParagraph(heading)
  }
}
