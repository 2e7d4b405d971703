/** Tracked changes and comments of Word, Google Docs, LibreOffice and web editors: they are for colleagues only. */

import { lostMark } from './lost'
import type { PasteReport } from './report'
import { styleOf } from './style'

const DELETIONS = 'del, [role="deletion"], [class*="msodel" i], [class*="movefrom" i], :is(s, strike):has(> [class*="msodel" i]:only-child)'
/** Class names such as TrackChangeTextDeletion (Word on the web), ck-suggestion-marker-deletion, ice-del, diff-removed. */
const DELETION_CLASS =
  /^(?=.*(track|suggest|revision|redline|change|(^|[-_])(ice|cke|flite|diff)[-_]))(?!.*insert).*(delet|remov|[-_]del\b)|^(paragraph-)?(deletion|deleted)$|^fr-deleted$/i
/** Elements of file formats: w:del, w:delText, text:deletion, office:annotation. */
const DELETION_TAG = /:(del|deltext|deletion|movefrom|tracked-changes)$/i
const COMMENT_TAG = /:(comment\w*|annotation|annotation-end)$/i
const COMMENT_STYLE = /mso-(element|special-character):\s*comment/i
const COMMENTS = [
  '[class*="msocom" i], .MsoCommentReference, .MsoCommentText, .MsoCommentSubject',
  '.CommentReference, .CommentText, .CommentSubject', // Word's styles in files that other programs wrote
  '.comment-start, .comment-end', // pandoc
  '[class*="docos-"], .cool-annotation', // Google Docs and Collabora on the web
  '[role="comment"]',
  'a[id^="_anchor_"], a[href^="#_msocom"], [id^="_com_"]',
].join(', ')
const BLOCKS = 'p, h1, h2, h3, h4, h5, h6, div, li, td, th, blockquote'
/** The mark in the text where a comment belongs: [DR1]. */
const COMMENT_MARK = /^\s*\[?[\p{L}\p{N}]{0,10}\]?\s*$/u

/** Takes out what was deleted or hidden, and what colleagues remarked on the text. */
export function removeRevisions(page: Document, report: PasteReport): void {
  removeComments(page, report)
  joinDeletedEnds(page)
  for (const element of page.body.querySelectorAll('*')) {
    if (isDeletion(element) || isFullOfDeletions(element)) leaveOut(element, 'deletions', report)
    else if (isHidden(element)) leaveOut(element, 'hidden', report)
    else if (isStruck(element)) leaveOut(element, 'struck', report)
  }
}

/** Where somebody deleted the end of a paragraph, which Word keeps as an empty `<o:p>`, the next one goes on in it. */
function joinDeletedEnds(page: Document): void {
  for (const end of [...page.body.querySelectorAll('o\\:p')].reverse()) {
    const [deletion, paragraph] = [end.closest('del'), end.closest('p')]
    const next = paragraph?.nextElementSibling
    if (!deletion || !paragraph || paragraph.lastElementChild !== deletion || end.textContent?.trim()) continue
    const isOnlyDeleted = paragraph.textContent?.trim() === deletion.textContent?.trim()
    if (isOnlyDeleted || next?.localName !== 'p' || /mso-list/i.test(styleOf(next))) continue
    paragraph.append(...next.childNodes)
    next.remove()
  }
}

function leaveOut(element: Element, finding: 'deletions' | 'hidden' | 'struck', report: PasteReport): void {
  if (!element.isConnected) return // inside something that is gone
  const words = element.textContent
  if (words?.trim() || finding !== 'deletions') report.leaveOut(finding, words)
  if (finding === 'deletions') element.closest('p, li')?.setAttribute('data-deleted', '') // readers no longer count this item
  // a reader of the source sees struck words, so something is missing where they stood
  if (element.querySelector('[data-was-style*="mso-tab-count" i]')) element.replaceWith(' ') // before a page's number
  else if (finding !== 'struck' || !words?.trim()) element.remove()
  else if (element.matches(BLOCKS)) element.replaceChildren(lostMark(element.ownerDocument, 'struck'))
  else element.replaceWith(lostMark(element.ownerDocument, 'struck'))
}

/** Words that somebody deleted while changes were tracked, and that are still in the file. */
function isDeletion(element: Element): boolean {
  const named = [...element.classList].some((name) => DELETION_CLASS.test(name))
  return named || element.matches(DELETIONS) || DELETION_TAG.test(element.localName)
}

/** Struck, and each of its words in a deletion: Word strikes what it marks as deleted. */
function isFullOfDeletions(element: Element): boolean {
  if (!isStruck(element)) return false
  const shown = element.cloneNode(true) as Element
  const deletions = [...shown.querySelectorAll('*')].filter(isDeletion)
  for (const deletion of deletions) deletion.remove()
  return deletions.length > 0 && !shown.textContent?.trim()
}

function isHidden(element: Element): boolean {
  const style = styleOf(element)
  return (
    element.hasAttribute('hidden') ||
    /display:\s*none|visibility:\s*hidden|mso-hide:\s*all|(?:^|;)\s*opacity:\s*0(?:\.0+|%)?\s*(?:;|!|$)/i.test(style) ||
    /(?:^|;)\s*color:\s*(?:transparent|rgba\([^)]*,\s*0\))\s*(?:;|!|$)/i.test(style) ||
    (/(?:^|;)\s*(?:max-)?height:\s*0(?:px)?\s*(?:;|!|$)/i.test(style) && /overflow:\s*hidden/i.test(style)) ||
    OFF_SCREEN.test(style) ||
    (/font-size:\s*(?:0(?:px|pt|em|%)?|(?:0?\.\d+|1)(?:px|pt))\s*(?:;|!|$)/i.test(style) && !element.querySelector('[data-was-style*="font-size" i]')) ||
    (WHITE.test(style) && !hasBackground(element))
  )
}

/** For screen readers, or to fill in what a machine reads: nobody sees it. */
const OFF_SCREEN = /(?:^|;)\s*(?:(?:left|top|text-indent):\s*-\d{4,}(?:px|pt)|clip:\s*rect\((?:[01](?:px)?[,\s]*){4}\)|clip-path:\s*inset\((?:50|100)%\))/i
/** White text on white paper, or nearly so. On a coloured ground it is to be read. */
const WHITE = /(?:^|;)\s*color:\s*(?:white|#f[c-f](?:f[c-f]){2}|#fff|rgb\(25[2-5],\s*25[2-5],\s*25[2-5]\))\s*(?:;|!|$)/i

function hasBackground(element: Element): boolean {
  for (let at: Element | null = element; at; at = at.parentElement) {
    const [, ground = ''] = /background(?:-color|-image)?:\s*([^;]+)/i.exec(styleOf(at)) ?? []
    if (at.hasAttribute('bgcolor') || (ground && !/^(?:white|#fff(?:fff)?|transparent|none|inherit|initial)\b/i.test(ground))) return true
  }
  return false
}

/** A letter has no strike-through: struck words would be read as valid. Underlining inside does not lift it. */
function isStruck(element: Element): boolean {
  const style = styleOf(element)
  if (/text-(line-through|decoration(-line)?):[^;]*line-through|text-line-through(-style)?:\s*(?!none)\w/i.test(style)) return true
  const plain = /text-decoration(-line)?:\s*none/i.test(style)
  return (element.matches('s, strike') && !plain) || [...element.classList].some((name) => /^strike(through|out)?$/i.test(name))
}

function removeComments(page: Document, report: PasteReport): void {
  const found = new Set(page.body.querySelectorAll(COMMENTS))
  for (const element of page.body.querySelectorAll('*')) {
    if (COMMENT_STYLE.test(styleOf(element)) || COMMENT_TAG.test(element.localName)) found.add(element)
  }
  // Google Docs: [a] in the text leads to a box at the end, and back
  for (const mark of page.body.querySelectorAll('a[href*="#cmnt"]')) {
    const isBack = mark.getAttribute('href')?.includes('#cmnt_ref')
    found.add((isBack ? commentBox(mark) : mark.closest('sup')) ?? mark)
  }
  let marks = 0
  let bodies = 0
  for (const element of found) {
    if (!element.isConnected) continue
    const words = element.textContent ?? ''
    const comments = countBodies(element)
    element.remove()
    if (comments === 0 && COMMENT_MARK.test(words)) {
      if (words.trim()) marks += 1
      continue
    }
    bodies += Math.max(1, comments)
    report.keepExcerpt(words)
  }
  report.add('comments', Math.max(marks, bodies) + countLibreOfficeComments(page, report))
}

/** LibreOffice writes comments as comments of HTML, which are lost without a trace. */
function countLibreOfficeComments(page: Document, report: PasteReport): number {
  if (!/(Libre|Open)Office/.test(page.querySelector('meta[name="generator" i]')?.getAttribute('content') ?? '')) return 0
  const walker = page.createTreeWalker(page.body, NodeFilter.SHOW_COMMENT)
  let found = 0
  while (walker.nextNode()) {
    const words = walker.currentNode.nodeValue ?? ''
    if (!words.trim() || /^\s*(\[|(Start|End)Fragment)/.test(words)) continue
    found += 1
    report.keepExcerpt(words)
  }
  return found
}

/** The frame or paragraph that begins with this link back to the text. */
function commentBox(back: Element): Element | null {
  const box = back.closest('div')
  const begins = box?.textContent?.trim().startsWith(back.textContent?.trim() ?? '')
  return begins ? box : back.closest('p')
}

/** How many comments a list of Word's holds. */
function countBodies(element: Element): number {
  return element.querySelectorAll('.msocomtxt, [id^="_com_"]:not(.msocomtxt)').length
}
