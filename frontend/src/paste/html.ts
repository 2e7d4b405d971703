/** Pasted HTML as the letter's schema can read it: the words that a reader of the source would see, and no more. */

import { removeRevisions } from './revisions'
import { joinHardLines } from './hardLines'
import { arrangeLists, arrangeQuotations, readBullets, readWordLists } from './lists'
import { isPrivateFile, leadsNowhere, namesColleague, showsMailbox, unwrapLink } from './links'
import { lostMark } from './lost'
import { fillNotes, markNotes } from './notes'
import type { PasteReport } from './report'
import { readMath, readWordFormulas, removeDrawnFormulas } from './math'
import { applyEmphasis, disarm, inlineStyleSheets, valueOf } from './style'
import { replaceSuperscripts } from './superscripts'
import { readSymbols } from './symbols'
import { flattenTables } from './tables'

const UNREADABLE = 'style, script, title, meta, link, xml, template, noscript, input[type=hidden], datalist, hr, rt, rp, br[data-was-style*="page-break" i], br.Apple-interchange-newline, span.EOP'
const IMAGES = 'img, svg, picture'
const OBJECTS = 'video, audio, canvas, object, embed, iframe, applet, map'
const FIELDS = 'input, select, textarea'
/** Frames that have no meaning in a letter; those of our own letters have. */
const FRAMES = 'div, section, article, main, header, footer, center, font, o\\:p'
const OWN = '[data-only], [data-point], [data-signatories]'
const BLOCKS = 'p, h1, h2, h3, h4, h5, h6, ol, ul, blockquote, table, pre, div, section, article, main, header, footer, center, dl'
/** Alternative texts that are what the image shows; flags are pairs of letters, keycaps a sign with a frame. */
const EMOJI = /^(?:\p{Extended_Pictographic}|\p{Regional_Indicator}{2}|[#*\d]\ufe0f?\u20e3)/u
const LIST_MARKER = /<!(?:--)?\[if !supportLists\](?:--)?>([\s\S]*?)<!(?:--)?\[endif\](?:--)?>/gi

/** The cleaned HTML. What was left out or changed is added to `report`. */
export function cleanHtml(html: string, report: PasteReport): string {
  const marked = readWordFormulas(html.replace(LIST_MARKER, '<span data-list-marker>$1</span>'))
  const page = new DOMParser().parseFromString(disarm(marked), 'text/html')
  inlineStyleSheets(page, marked)
  removeRevisions(page, report)
  for (const element of page.querySelectorAll(UNREADABLE)) element.remove()
  removeDrawnFormulas(page)
  removeImages(page, report)
  removeObjects(page, report)
  readMarks(page)
  for (const element of page.querySelectorAll('*')) {
    if (element.localName.includes(':')) element.replaceWith(...element.childNodes)
  }
  joinHardLines(page, report)
  readMath(page)
  readSymbols(page)
  markNotes(page, report)
  replaceSuperscripts(page, report)
  cleanLinks(page, report)
  readWordLists(page)
  flattenTables(page, report)
  fillNotes(page)
  applyEmphasis(page)
  arrangeBlocks(page.body)
  for (const element of page.querySelectorAll('[data-was-style]')) element.removeAttribute('data-was-style')
  return page.body.innerHTML
}

function removeImages(page: Document, report: PasteReport): void {
  for (const image of page.body.querySelectorAll(IMAGES)) {
    if (!image.isConnected) continue
    const alt = image.getAttribute('alt') ?? ''
    if (EMOJI.test(alt)) {
      image.replaceWith(alt) // mail programs write emoji as images
      continue
    }
    if (image.getAttribute('aria-roledescription') === 'checkbox') {
      image.remove() // the box of a checklist, which becomes a bullet
      continue
    }
    const isSpacer = ['width', 'height'].some((side) => /^[01](px)?$/.test(image.getAttribute(side) ?? ''))
    const touches = /\S$/.test(image.previousSibling?.textContent ?? '') && /^[\p{L}\p{N}]/u.test(image.nextSibling?.textContent ?? '')
    if (isSpacer) {
      image.replaceWith(touches ? ' ' : '')
      continue
    }
    report.add('images')
    const described = alt || image.querySelector('title')?.textContent || image.querySelector('img')?.getAttribute('alt')
    image.replaceWith(lostMark(page, 'image', described), touches ? ' ' : '')
  }
}

/** What a page can show and a letter cannot. What somebody has entered in a form is text. */
function removeObjects(page: Document, report: PasteReport): void {
  for (const element of page.body.querySelectorAll(OBJECTS)) {
    if (!element.isConnected) continue
    report.add('objects')
    element.replaceWith(lostMark(page, 'object', element.getAttribute('title') ?? element.getAttribute('aria-label')))
  }
  for (const field of page.body.querySelectorAll(FIELDS)) {
    report.add('forms')
    const chosen = field.querySelector('option[selected]') ?? field.querySelector('option')
    const isText = field.matches('input:not([type]), input[type=text], input[type=number], input[type=date], input[type=email]')
    const entered = field.matches('textarea') ? field.textContent : (chosen?.textContent ?? (isText ? field.getAttribute('value') : ''))
    field.replaceWith(lostMark(page, 'form'), entered ?? '')
  }
}

/** Signs that the source's style draws: quotation marks, capitals. */
function readMarks(page: Document): void {
  for (const lines of page.body.querySelectorAll('pre')) {
    const texts = (lines.textContent ?? '').replace(/^\n|\n$/g, '').split('\n')
    lines.replaceChildren(...texts.flatMap((text, index) => (index ? [page.createElement('br'), text] : [text])))
  }
  for (const quoted of page.body.querySelectorAll('q')) quoted.replaceWith('“', ...quoted.childNodes, '”')
  for (const element of page.body.querySelectorAll('[data-was-style*="uppercase" i]')) {
    if (valueOf(element, 'text-transform') !== 'uppercase') continue
    const walker = page.createTreeWalker(element, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) (walker.currentNode as Text).data = (walker.currentNode as Text).data.toUpperCase()
  }
}

/** Links lead where their author meant; a mailbox behind somebody's name stays with whoever copied it. */
function cleanLinks(page: Document, report: PasteReport): void {
  for (const link of page.body.querySelectorAll('a[href]')) {
    const words = (link.textContent ?? '').trim()
    const given = link.getAttribute('href') ?? ''
    const { href, wrapped, tracking } = unwrapLink(given)
    const target = href ?? (/^https?:\/\/\S+$/i.test(words) ? unwrapLink(words).href : null)
    if (!target || leadsNowhere(target)) {
      report.add('hidden-links')
      link.removeAttribute('href')
      link.append(lostMark(page, 'link'))
    } else if (/^mailto:/i.test(target) && !showsMailbox(words, target)) {
      if (words) report.add('addresses')
      link.removeAttribute('href')
    } else if (namesColleague(target)) {
      report.add('addresses')
      link.removeAttribute('href')
    } else if (target !== given) {
      link.setAttribute('href', target)
      report.add(wrapped ? 'links' : 'tracking', wrapped || tracking ? 1 : 0)
    }
    if (isPrivateFile(link.getAttribute('href') ?? '')) report.add('private-links')
  }
}

/** Blocks side by side, without the frames and the empty lines of the source. */
function arrangeBlocks(container: Element): void {
  for (const frame of [...container.querySelectorAll(FRAMES)].reverse()) {
    if (frame.matches(OWN) || frame.closest('li')) continue
    unwrapFrame(frame)
  }
  if (!container.querySelector('[data-pm-slice]')) for (const paragraph of container.querySelectorAll('p')) splitAtEmptyLines(paragraph)
  for (const wrapper of container.querySelectorAll('b, strong, i, em, span, font')) {
    if (wrapper.querySelector(BLOCKS)) wrapper.replaceWith(...wrapper.childNodes)
  }
  for (const own of [container, ...container.querySelectorAll(OWN)]) {
    removeEmptyBlocks(own)
    readBullets(own)
    arrangeQuotations(own)
    arrangeLists(own)
  }
}

function unwrapFrame(frame: Element): void {
  if (frame.matches('.ListContainerWrapper')) {
    for (const list of frame.querySelectorAll('ol, ul')) list.setAttribute('data-wrapped', '')
  }
  if (frame.querySelector(BLOCKS)) {
    frame.replaceWith(...frame.childNodes)
    return
  }
  if (frame.matches('font') || !frame.parentElement) {
    frame.replaceWith(...frame.childNodes)
    return
  }
  const paragraph = frame.ownerDocument.createElement('p')
  for (const { name, value } of frame.attributes) if (name.startsWith('data-')) paragraph.setAttribute(name, value)
  paragraph.append(...frame.childNodes)
  frame.replaceWith(paragraph)
}

/** Two breaks, one after the other, are how mail programs and web pages write the end of a paragraph. */
function splitAtEmptyLines(paragraph: Element): void {
  const lines = [...paragraph.querySelectorAll('br')]
  const at = lines.findIndex((line, index) => index > 0 && !hasContent(between(paragraph, lines[index - 1], line)))
  const [before, after] = [lines[at - 1], lines[at]]
  if (!before || !after) return
  const next = paragraph.cloneNode(false) as Element
  next.append(between(paragraph, after).extractContents())
  for (const line of [after, before]) line.remove()
  for (const line of next.querySelectorAll('br')) if (!hasContent(between(next, undefined, line))) line.remove()
  if (!hasContent(between(next))) return
  paragraph.after(next)
  splitAtEmptyLines(next)
}

/** What stands in the block between these two, or from its beginning, or to its end. */
function between(block: Element, start?: Element, end?: Element): Range {
  const range = block.ownerDocument.createRange()
  range.selectNodeContents(block)
  if (start) range.setStartAfter(start)
  if (end) range.setEndBefore(end)
  return range
}

function hasContent(range: Range): boolean {
  return /\S/.test(range.toString()) || range.cloneContents().querySelector('[data-lost], [data-note], [data-field], [data-fact]') !== null
}

function removeEmptyBlocks(container: Element): void {
  for (const block of [...container.children]) {
    const isEmpty = !block.textContent?.trim() && !block.querySelector('[data-field], [data-fact], [data-signatories], [data-note], [data-lost]')
    if (isEmpty && !block.matches('[data-signatories], [data-field], [data-fact], [data-pm-slice]')) {
      const isCounted = block.matches('ol') && block.querySelector('[data-deleted]') // its number is missing after it
      if ((block.matches(BLOCKS) && !isCounted) || (block.matches('br') && isBetweenBlocks(block))) block.remove()
    }
  }
}

function isBetweenBlocks(line: Element): boolean {
  const [before, after] = [line.previousElementSibling, line.nextElementSibling]
  const isLoose = [line.previousSibling, line.nextSibling].some((node) => node instanceof Text && node.data.trim())
  return !isLoose && (!before || before.matches(`${BLOCKS}, br`)) && (!after || after.matches(`${BLOCKS}, br`))
}
