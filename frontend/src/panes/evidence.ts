/** The evidence pane: points ranked for the chosen government, each with facts to cite and a passage to insert. */

import { getEvidence, type RankedPoint } from '../api'
import { standing } from '../dialogs/citation'
import { linkButton, byId, el, statusLabel } from '../dom'
import type { Fact, Reader } from '../reader'
import { plural, message } from '../messages'

export interface Acts {
  insert: (point: RankedPoint) => void
  cite: (fact: Fact) => void
  /** numbers of the points whose passages are in the text */
  used: () => Set<number>
}

const FACTS_SHOWN = 2

export class EvidencePane {
  private readonly list = byId('ws-points')
  private readonly heading = byId('ws-evidence-title')
  private readonly search = byId<HTMLInputElement>('ws-evidence-search')
  private readonly notice = byId('ws-evidence-told')
  private points: RankedPoint[] = []
  private readonly opened = new Set<number>()
  private timer = 0
  private latestRequest = 0
  private used = ''

  constructor(
    private readonly url: string,
    private readonly reader: Reader,
    private readonly acts: Acts,
    private readonly editable: boolean,
  ) {
    this.search.addEventListener('input', () => {
      window.clearTimeout(this.timer)
      this.timer = window.setTimeout(() => void this.load(), 250)
    })
  }

  /** Load what fits the chosen government and the search field. */
  async load(): Promise<void> {
    this.latestRequest += 1
    const request = this.latestRequest
    const points = await getEvidence(this.url, this.reader.member, this.search.value.trim())
    if (request !== this.latestRequest) return // a later request is under way
    if (!points) {
      this.notice.textContent = message('evidence-unreachable')
      return
    }
    this.points = points
    this.reader.learn(points.flatMap((point) => point.facts))
    this.heading.textContent = this.reader.memberName
      ? message('evidence-for', { name: this.reader.memberName })
      : message('evidence')
    this.notice.textContent = this.points.length ? '' : message('evidence-none')
    this.draw()
    this.reader.redraw()
  }

  /** The text was changed: other points may be "In the text" now. */
  follow(): void {
    if (this.used !== [...this.acts.used()].join(' ')) this.draw()
  }

  private draw(): void {
    const used = this.acts.used()
    this.used = [...used].join(' ')
    const focused = (document.activeElement as HTMLElement | null)?.dataset.key
    this.list.replaceChildren(...this.points.map((point) => this.item(point, used.has(point.number))))
    if (focused) this.list.querySelector<HTMLElement>(`[data-key="${CSS.escape(focused)}"]`)?.focus()
  }

  private item(point: RankedPoint, used: boolean): HTMLElement {
    const open = this.opened.has(point.number)
    const all = open || this.search.value.trim() !== ''
    const facts = all ? point.facts : point.facts.slice(0, FACTS_SHOWN)
    const more = point.facts.length - facts.length
    return el(
      'li',
      {},
      el('p', { class: 'entry-title' }, el('b', { class: 'num' }, String(point.number)), point.title),
      point.reasons.length > 0 && el('p', { class: 'why' }, point.reasons.join(' ')),
      open && el('p', {}, point.claim),
      ...facts.map((fact) => this.fact(fact, fact.key === point.inserts)),
      el(
        'p',
        { class: 'link-row' },
        used && statusLabel('ok', 'ok', message('in-text')),
        this.editable && linkButton(message('insert'), () => this.acts.insert(point), {
          class: 'link-button insert', 'data-key': `insert-${point.number}`, 'aria-label': message('insert-point', { n: point.number }),
        }),
        linkButton(message('read'), () => this.toggle(point), {
          'data-key': `read-${point.number}`, 'aria-expanded': String(open), 'aria-label': message('read-point', { n: point.number }),
        }),
        !open && more > 0 && el('span', { class: 'muted' }, plural('more-facts', more)),
      ),
    )
  }

  /** Show or hide a point's claim and all its facts. */
  private toggle(point: RankedPoint): void {
    if (!this.opened.delete(point.number)) this.opened.add(point.number)
    this.draw()
  }

  private fact(fact: Fact, inserted: boolean): HTMLElement {
    return el(
      'div',
      { class: 'subline' },
      el('p', {}, fact.statement, fact.why ? el('span', { class: 'muted' }, ` (${fact.why})`) : ''),
      fact.caution && el('p', { class: 'caution' }, fact.caution),
      el(
        'p',
        { class: 'link-row' },
        standing(fact),
        this.editable && linkButton(message('cite', { n: fact.number }), () => this.acts.cite(fact), { class: 'link-button insert', 'data-key': `cite-${fact.key}` }),
      ),
      this.editable && inserted && el('p', { class: 'why' }, message('inserted')),
    )
  }
}
