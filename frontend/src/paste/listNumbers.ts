/** How lists of other programs are numbered: their kind, their first number and their level, as the source shows them. */

import { numberedBy, numbersOf, type Numbering } from './numbers'
import { styleOf } from './style'

export const LISTS = 'ol, ul'
const TYPES: Record<Numbering, string> = { decimal: '1', letters: 'a', roman: 'i' }
/** As programs number lists of which nothing else is said: 1, a, i. */
const USUAL: Numbering[] = ['decimal', 'letters', 'roman', 'decimal']

export function levelOf(list: HTMLElement): number {
  const item = list.firstElementChild
  const said = list.dataset.level ?? item?.getAttribute('data-aria-level') ?? item?.getAttribute('aria-level')
  if (said) return Number(said) || 1
  const [, exported] = /\blst-kix_\w+-(\d)/.exec(list.className) ?? [] // files of Google Docs
  if (exported) return Number(exported) + 1
  const around = list.parentElement?.closest<HTMLElement>(LISTS)
  return around ? levelOf(around) + 1 : 1
}

export function depthOf(list: Element): number {
  const around = list.parentElement?.closest(LISTS)
  return around ? depthOf(around) + 1 : 1
}

function skippedBefore(list: HTMLElement): number {
  return Number(list.dataset.skipped ?? 0)
}

/** The readings of the list's sign. */
export function signsOf(list: HTMLElement): { numbering: Numbering; n: number }[] {
  const [, sign = ''] = /list-style(?:-type)?:\s*"([^"]*)"/i.exec(list.firstElementChild ? styleOf(list.firstElementChild) : '') ?? []
  return numbersOf(list.dataset.sign ?? sign.trim()).map(({ numbering, n }) => ({ numbering, n: n - skippedBefore(list) }))
}

/** What the source shows at the list's first item; of "i" one cannot tell whether it is a letter. */
function signOf(list: HTMLElement): { numbering: Numbering; n: number } | null {
  const readings = signsOf(list)
  return readings.find(({ n }) => n === 1) ?? readings[0] ?? null
}

export function firstOf(list: HTMLElement): number {
  const first = list.firstElementChild
  const given = Number(list.getAttribute('start') ?? first?.getAttribute('value') ?? first?.getAttribute('data-aria-posinset') ?? 0)
  return given > 0 ? Math.max(1, given - skippedBefore(list)) : (signOf(list)?.n ?? 1)
}

export function numberingOf(list: HTMLElement): Numbering {
  return saidNumbering(list) ?? USUAL[Math.min(depthOf(list), USUAL.length) - 1] ?? 'decimal'
}

/** null where the source says nothing about it. */
export function saidNumbering(list: HTMLElement): Numbering | null {
  const styles = `${styleOf(list)};${list.firstElementChild ? styleOf(list.firstElementChild) : ''}`
  const style = /list-style(?:-type)?:[^;]*?\b([\w-]*(?:decimal|alpha|latin|roman)[\w-]*)/i.exec(styles)?.[1] ?? list.getAttribute('type') ?? ''
  return signOf(list)?.numbering ?? numberedBy(style)
}

/** HTML may give any item its number: the list goes on as another. */
export function splitAtValues(list: HTMLElement): void {
  let current = list
  for (const item of [...list.children] as HTMLElement[]) {
    const value = Number(item.getAttribute('value') ?? 0)
    const expected = firstOf(current) + [...current.children].indexOf(item)
    if (list.localName === 'ul' || value < 1 || item === current.firstElementChild || value === expected) continue
    const rest = list.cloneNode(false) as HTMLElement
    rest.setAttribute('start', String(value))
    rest.removeAttribute('data-sign')
    current.after(rest)
    rest.append(item, ...following(item, current))
    current = rest
  }
}

function following(item: Element, list: Element): Element[] {
  return [...list.children].slice([...list.children].indexOf(item) + 1)
}

/** As the letter's schema reads it: type and start. */
export function number(list: HTMLElement): void {
  const [numbering, first] = [numberingOf(list), firstOf(list)]
  list.setAttribute('type', TYPES[numbering])
  list.setAttribute('start', String(first))
  list.setAttribute('data-numbering', numbering)
}

/**
 * Lists whose items were all deleted while changes were tracked go. Their program still counts them, each list of one
 * item saying its number: those after them count without.
 */
export function skipDeleted(container: Element): void {
  const deleted = new Map<string, number>()
  for (const list of [...container.children].filter((child): child is HTMLElement => child.matches('ol'))) {
    const [source, level] = [sourceOf(list), levelOf(list)]
    for (const key of deleted.keys()) if (key.startsWith(`${source} `) && Number(key.split(' ').at(-1)) > level) deleted.delete(key)
    const key = `${source} ${level}`
    if (firstOf(list) === 1) deleted.delete(key)
    const gone = [...list.children].every((item) => !item.textContent?.trim() && item.matches('[data-deleted], :has([data-deleted])'))
    if (gone) {
      deleted.set(key, (deleted.get(key) ?? 0) + list.children.length)
      list.remove()
    } else if (deleted.get(key)) list.dataset.skipped = String(deleted.get(key))
  }
}

export function sourceOf(list: HTMLElement): string {
  const [, document = ''] = /\blst-(kix_\w+)-\d/.exec(list.className) ?? []
  return list.dataset.source ?? list.firstElementChild?.getAttribute('data-listid') ?? document
}
