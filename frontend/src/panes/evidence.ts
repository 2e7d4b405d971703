/** The evidence pane: points ranked for the chosen government, and facts, one line each until opened. */

import type { Editor } from '@tiptap/core'

import { getEvidence, type RankedFact, type RankedPoint } from '../api'
import { insertAtom, insertInline, insertPassage } from '../commands'
import { EVIDENCE_LANGUAGE, standing, standingMark } from '../dialogs/citation'
import { byId, el, linkButton, released, symbolLabel } from '../dom'
import type { DocNode } from '../letterDocument'
import { pointsUsed } from '../letterWords'
import type { Fact, Reader } from '../reader'
import { message } from '../messages'

export interface Acts {
  insert: (nodes: DocNode[]) => void
  /** as part of a sentence */
  insertWords: (nodes: DocNode[]) => void
  cite: (fact: Fact) => void
  /** numbers of the points whose passages are in the text */
  used: () => Set<number>
}

/** What the pane does to the text; `before` it. */
export function evidenceActs(editor: Editor, before: () => void): Acts {
  const nodes = (found: DocNode[]) => found.map((node) => editor.schema.nodeFromJSON(node))
  const act = (insert: () => void) => {
    before()
    insert()
    editor.commands.focus()
  }
  return {
    insert: (found) => act(() => insertPassage(editor, nodes(found))),
    insertWords: (found) => act(() => insertInline(editor, nodes(found))),
    cite: ({ key }) => act(() => insertAtom(editor, 'citation', { fact: key })),
    used: () => pointsUsed(editor.state.doc),
  }
}

export class EvidencePane {
  private readonly list = byId('ws-points')
  private readonly heading = byId('ws-evidence-title')
  private readonly search = byId<HTMLInputElement>('ws-evidence-search')
  private readonly notice = byId('ws-evidence-told')
  private points: RankedPoint[] = []
  /** keys of rows */
  private readonly opened = new Set<string>()
  private timer = 0
  private latestRequest = 0
  private used = ''

  constructor(
    private readonly url: string,
    private readonly reader: Reader,
    private readonly acts: Acts,
    private readonly editable: boolean,
    /** of the letter */
    private readonly language: string,
  ) {
    this.search.addEventListener('input', () => {
      window.clearTimeout(this.timer)
      this.timer = window.setTimeout(() => void this.load(), 250)
    })
    this.search.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && !event.isComposing) void this.findAtOnce()
    })
  }

  /** Load what fits the chosen government and the search field. */
  async load(): Promise<void> {
    this.latestRequest += 1
    const request = this.latestRequest
    const points = await getEvidence(this.url, this.reader.member, this.search.value.trim())
    await released()
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

  private async findAtOnce(): Promise<void> {
    window.clearTimeout(this.timer)
    await this.load()
    this.list.querySelector<HTMLElement>('.evidence-row')?.focus()
  }

  private draw(): void {
    const used = this.acts.used()
    this.used = [...used].join(' ')
    const focused = (document.activeElement as HTMLElement | null)?.dataset.key
    this.list.replaceChildren(...this.points.map((point) => this.item(point, used.has(point.number))))
    if (focused) this.list.querySelector<HTMLElement>(`[data-key="${CSS.escape(focused)}"]`)?.focus()
  }

  private item(point: RankedPoint, used: boolean): HTMLElement {
    const key = `point-${point.number}`
    const open = this.opened.has(key)
    const facts = open || this.search.value.trim() ? point.facts : []
    const mark = used && symbolLabel('ok', 'ok', message('in-text'))
    return el(
      'li',
      {},
      this.row(key, String(point.number), point.title, mark),
      open && point.reasons.length > 0 && el('p', { class: 'why' }, point.reasons.join(' ')),
      open && this.preview(point.insert),
      open && this.editable && el(
        'p',
        { class: 'link-row' },
        linkButton(message('insert'), () => this.acts.insert(point.insert), {
          class: 'link-button insert', 'data-key': `insert-${point.number}`, 'aria-label': message('insert-point', { n: point.number }),
        }),
      ),
      facts.length > 0 && el('ul', { class: 'evidence-facts' }, ...facts.map((fact) => this.fact(fact))),
    )
  }

  /** One line, which a press opens. */
  private row(key: string, number: string, title: string, mark: Node | false): HTMLElement {
    const open = this.opened.has(key)
    return el(
      'button',
      { type: 'button', class: 'evidence-row', 'data-key': key, 'aria-expanded': String(open), onclick: () => this.toggle(key) },
      el('b', { class: 'num' }, number),
      ' ',
      el('span', { class: 'title', lang: EVIDENCE_LANGUAGE, dir: 'auto' }, title),
      ' ',
      mark,
    )
  }

  private toggle(key: string): void {
    if (!this.opened.delete(key)) this.opened.add(key)
    this.draw()
    this.list.querySelector(`[data-key="${CSS.escape(key)}"]`)?.parentElement?.scrollIntoView({ block: 'nearest' })
  }

  private fact(fact: RankedFact): HTMLElement {
    const row = this.row(fact.key, fact.number, fact.statement, standingMark(fact))
    if (!this.opened.has(fact.key)) return el('li', {}, row)
    return el(
      'li',
      {},
      row,
      this.preview([{ type: 'paragraph', content: fact.insert }]),
      el('p', {}, standing(fact), fact.why ? el('span', { class: 'muted' }, ` ${fact.why}`) : ''),
      this.editable && el(
        'p',
        { class: 'link-row' },
        linkButton(message('insert'), () => this.acts.insertWords(fact.insert), {
          class: 'link-button insert', 'data-key': `insert-${fact.key}`, 'aria-label': message('insert-fact', { n: fact.number }),
        }),
        linkButton(message('cite', { n: fact.number }), () => this.acts.cite(fact), { 'data-key': `cite-${fact.key}` }),
      ),
    )
  }

  // ---- what "Insert" puts into the text, as it will stand there ------------------------------------------

  private preview(nodes: DocNode[]): HTMLElement {
    const blocks = nodes.flatMap((node) => (node.type === 'point' ? (node.content ?? []) : [node]))
    const inline = blocks.flatMap((block) => block.content ?? [])
    const foreign = inline.some((node) => node.type === 'lost')
    const cited = inline.filter((node) => node.type === 'citation').map((node) => this.reader.facts.get(String(node.attrs?.fact)))
    return el(
      'div',
      { class: 'would-insert' },
      ...blocks.map((block) => this.block(block)),
      ...cited.map((fact) => fact && el('p', { class: 'small muted' }, el('b', { class: 'num' }, fact.number), ` ${fact.citation}`)),
      ...cited.map((fact) => fact?.caution && el('p', { class: 'caution' }, fact.caution)),
      foreign && el('p', { class: 'caution' }, message('foreign-words')),
    )
  }

  private block(block: DocNode): HTMLElement {
    const content = block.content ?? []
    const foreign = content.some((node) => node.type === 'lost')
    return el(
      'p',
      { class: block.type === 'heading' ? 'words heading' : 'words', lang: foreign ? EVIDENCE_LANGUAGE : this.language, dir: 'auto' },
      ...content.map((node) => this.inline(node)),
    )
  }

  private inline(node: DocNode): Node | string {
    if (node.type === 'citation') return el('span', { class: 'citation' }, this.reader.facts.get(String(node.attrs?.fact))?.number ?? '')
    if (node.type === 'lost') return el('span', { class: 'lost', 'data-said': this.reader.lostSentence(String(node.attrs?.what), null) })
    return node.text ?? ''
  }
}
