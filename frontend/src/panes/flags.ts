/** The server's list of what blocks freezing or should be checked, each with a link into the text. */

import type { Problem } from '../api'
import { linkButton, byId, el, statusLabel } from '../dom'
import { COMMA, message, plural } from '../messages'

export interface Ways {
  show: (block: string) => void
  /** focus the subject */
  subject: () => void
  fallback: ((block: string) => void) | null
  citation: ((block: string) => void) | null
  /** look at the mark of something left out */
  lost: ((block: string) => void) | null
}

export class FlagsPane {
  private readonly list = byId('ws-flags')
  private readonly empty = byId('ws-flags-empty')
  private readonly tally = byId('ws-flags-count')
  private shown = ''

  constructor(private readonly ways: Ways) {}

  draw(problems: Problem[]): void {
    const key = JSON.stringify(problems)
    if (key === this.shown) return // the focus stays where it is
    this.shown = key
    const bad = problems.filter((problem) => problem.tone === 'bad')
    const rest = problems.filter((problem) => problem.tone !== 'bad')
    this.list.replaceChildren(...[...bad, ...rest].map((problem) => this.item(problem)))
    this.empty.hidden = problems.length > 0
    this.tally.textContent = problems.length ? plural('open', problems.length) : ''
  }

  private item(problem: Problem): HTMLElement {
    const bad = problem.tone === 'bad'
    const acts: Node[] = []
    const here = problem.block !== '' // otherwise in a passage for one government
    if (problem.kind === 'subject') acts.push(linkButton(message('write-subject'), this.ways.subject))
    if (problem.kind === 'field' && this.ways.fallback) acts.push(linkButton(message('add-fallback'), () => this.ways.fallback?.(problem.block)))
    if (here && problem.kind.startsWith('fact') && this.ways.citation) acts.push(linkButton(message('look-at-fact'), () => this.ways.citation?.(problem.block)))
    if (here && ['lost', 'foreign'].includes(problem.kind) && this.ways.lost) acts.push(linkButton(message('lost-look'), () => this.ways.lost?.(problem.block)))
    if (here) acts.push(linkButton(message('show-in-text'), () => this.ways.show(problem.block)))
    return el(
      'li',
      {},
      el('p', { class: 'flag-head' }, statusLabel(bad ? 'bad' : 'warn', bad ? 'bad' : 'warn', problem.title)),
      el('p', {}, bad ? el('b', {}, `${message('blocks-freezing')} `) : null, problem.text),
      here && problem.kind.startsWith('fact') ? null : this.links(problem.links),
      acts.length ? el('p', { class: 'link-row' }, ...acts) : null,
    )
  }

  /** The facts or governments that the problem is about. */
  private links(links: Problem['links']): HTMLElement | null {
    if (!links.length) return null
    const anchors = links.flatMap(([label, href], place) => [place ? COMMA : null, el('a', { href }, label)])
    const list = el('p', { class: 'small' }, ...anchors)
    return links.length > 3 ? el('details', {}, el('summary', {}, message('show-all', { n: links.length })), list) : list
  }
}
