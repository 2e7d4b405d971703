/** Footnotes and endnotes of other programs as notes of the letter, with their text. */

import { unwrapLink } from './links'
import { lostMark } from './lost'
import type { PasteReport } from './report'
import { styleOf } from './style'

/** A link from the text to a note, or from the note back to the text. */
const NOTE_LINK = /^#(_?(ftn|edn)|sd(foot|end)note|fn(ref)?[\d:-]|(foot|end)note|cite_(note|ref))/i
const BACK_LINK = /^#(_?(ftn|edn)t?_?ref|fnref|cite_ref|(foot|end)note-ref)|anc$/i
const NUMBER = /^(\d{1,4}|[ivxlc]{1,8}|[a-z]|[*†‡§]+)$/i
/** What holds one note. */
const BOXES = '[id^="ftn" i], [id^="edn" i], [id^="sdfootnote"], [id^="sdendnote"], [id^="fn"], [id^="footnote"], [id^="endnote"], [id^="cite_note"]'
const LISTS_OF_NOTES = '[style*="note-list"], [data-was-style*="note-list"], .footnotes, .endnotes, ol, section, aside'
const MAX_NOTE = 2000

interface Reference {
  link: Element
  target: string
  words: string
}

/** Marks where notes are referred to, and frees the notes of their numbers. `fillNotes` does the rest. */
export function markNotes(page: Document, report: PasteReport): void {
  const references: Reference[] = []
  const backs: Reference[] = []
  for (const link of page.body.querySelectorAll('a')) {
    const id = /mso-(?:foot|end)note-id:\s*((?:ftn|edn)\w+)/i.exec(styleOf(link))?.[1]
    const target = (link.getAttribute('href') ?? '').replace(/^[^#]*/, '')
    if (!id && !NOTE_LINK.test(target) && !/^sd(foot|end)note(anc|sym)$/.test(link.className)) continue
    const words = (link.textContent ?? '').replace(/[[\]\s]/g, '') || (id ?? '').replace(/\D/g, '')
    const isBack = BACK_LINK.test(target)
    if (!NUMBER.test(words) && !(isBack && /^[↑↩^⏎]?\uFE0E?$/.test(words))) continue
    ;(isBack ? backs : references).push({ link, target: target.slice(1), words })
  }
  const boxes = new Map<string, Element>()
  for (const { target } of references) {
    const box = boxOf(page, target, backs)
    if (box) boxes.set(target, box)
  }
  for (const back of backs) {
    const left = back.link.closest('[data-was-style*="mso-element:footnote" i], [data-was-style*="mso-element:endnote" i]')
    if (left && !outermost(back.link).nextSibling && left.textContent?.trim() === back.link.textContent?.trim()) {
      left.remove() // of a note that was deleted
      continue
    }
    const mark = NUMBER.test(back.words) && !boxes.size ? page.createTextNode(`[${back.words}] `) : ''
    outermost(back.link).replaceWith(mark)
  }
  for (const { link, target, words } of references) {
    const known = boxes.has(target)
    const mark = known ? page.createElement('span') : page.createTextNode(`[${words}]`)
    if (mark instanceof HTMLElement) mark.dataset.noteFor = target
    const place = outermost(link)
    place.replaceWith(mark)
    if (known) continue
    mark.parentNode?.insertBefore(lostMark(page, 'note'), mark.nextSibling)
    report.add('footnotes')
  }
  boxes.forEach((box, target) => box.setAttribute('data-note-box', target))
  markUnlinked(page, report)
}

/** Numbers of notes that lead nowhere, as Word on the web copies them. */
function markUnlinked(page: Document, report: PasteReport): void {
  for (const mark of page.body.querySelectorAll('[class*="FootnoteReference" i], [class*="EndnoteReference" i]')) {
    const words = (mark.textContent ?? '').replace(/[[\]\s]/g, '')
    if (!mark.isConnected || mark.closest('a, [data-note-box]') || !NUMBER.test(words)) continue
    mark.replaceWith(`[${words}]`, lostMark(page, 'note'))
    report.add('footnotes')
  }
}

/** Gives each mark the text of its note, and removes what held the notes. */
export function fillNotes(page: Document): void {
  const texts = new Map<string, string>()
  const boxes = [...page.body.querySelectorAll<HTMLElement>('[data-note-box]')]
  const lost = new Map(boxes.map((box) => [box.dataset.noteBox ?? '', [...box.querySelectorAll('[data-lost]')]]))
  for (const box of boxes) texts.set(box.dataset.noteBox ?? '', textOf(box))
  for (const mark of page.body.querySelectorAll<HTMLElement>('[data-note-for]')) {
    const text = texts.get(mark.dataset.noteFor ?? '') ?? ''
    if (text) {
      mark.dataset.note = text
      mark.after(...(lost.get(mark.dataset.noteFor ?? '') ?? [])) // a note is words only
    } else mark.replaceWith(lostMark(page, 'note'))
    mark.removeAttribute('data-note-for')
  }
  for (const box of boxes) {
    let gone: Element = box
    while (gone.parentElement?.matches(LISTS_OF_NOTES) && gone.parentElement.textContent?.trim() === gone.textContent?.trim()) gone = gone.parentElement
    gone.remove()
  }
}

/** The element with the note's text: named by the link's target, or beginning with the link back. */
function boxOf(page: Document, target: string, backs: Reference[]): Element | null {
  if (!target) return null
  const name = CSS.escape(target)
  const named = page.body.querySelector(`[id="${name}"], a[name="${name}"]`)
  const back = backs.find(({ link }) => named?.contains(link) || link === named || link.parentElement?.contains(named)) ?? backs.find((one) => pairs(one.target, target))
  const inside = named?.matches('a, sup, span') ? named : (back?.link ?? named)
  if (!inside) return null
  if (named && !named.matches('a, sup, span')) return named
  // the nearest element that holds this note and no other
  const others = backs.filter((one) => one !== back)
  let box: Element | null = inside.closest('p, li, dd, td, div') ?? inside.parentElement
  if (!box || box.matches('body')) return null
  for (let around = box.parentElement; around?.matches(BOXES); around = around.parentElement) {
    if (others.some(({ link }) => around?.contains(link))) break
    box = around
  }
  return box
}

/** "ftnt_ref1" leads back from "ftnt1". */
function pairs(back: string, target: string): boolean {
  return back.replace(/[-_:]?(ref|anc)[-_:]?/i, '').toLowerCase() === target.replace(/sym$/i, '').replace(/[-_:]/g, '').toLowerCase() ||
    back.replace(/ref|anc|[-_:]/gi, '').toLowerCase() === target.replace(/sym|[-_:]/gi, '').toLowerCase()
}

/** The link with the superscript around it. */
function outermost(link: Element): Element {
  let place = link
  for (let around = link.parentElement; around?.matches('sup, span, a'); around = around.parentElement) {
    if (around.textContent?.trim() !== link.textContent?.trim()) break
    place = around
  }
  return place
}

/** One line, with the address of each link that the words do not show. */
function textOf(box: Element): string {
  for (const link of box.querySelectorAll('a[href]')) {
    const { href } = unwrapLink(link.getAttribute('href') ?? '')
    if (href && /^https?:/i.test(href) && !link.textContent?.includes(href.replace(/^https?:\/\/|\/$/g, ''))) link.append(` (${href})`)
  }
  for (const block of box.querySelectorAll('p, div, br, li, td')) block.before(' ')
  return (box.textContent ?? '').replace(/\s+/g, ' ').trim().slice(0, MAX_NOTE)
}
