/** The original beside the text: cards from the server, placed at the blocks that translate them, renewed while others write. */

import type { Editor } from '@tiptap/core'

import { byId, released } from '../dom'
import type { DocNode } from '../letterDocument'
import { copyAtoms, copyPassage } from './insert'
import { place, type Block } from './place'
import { getPart, postPart } from './server'
import { spacing, spacingKey } from './spacing'

const EVERY = 3_000
const AFTER_TYPING = 1_500
const WIDE = window.matchMedia('(min-width: 70rem)')
const SUBJECT = 'subject'

export class OriginalPane {
  private readonly list = byId('ws-original-list')
  private readonly toggle = byId<HTMLButtonElement>('ws-original-switch')
  private readonly url: string
  private timer = 0
  private frame = 0
  private loading = false

  constructor(private readonly editor: Editor, private readonly pane: HTMLElement) {
    this.url = pane.dataset.url ?? ''
    editor.registerPlugin(spacing())
    editor.on('update', () => this.soon(AFTER_TYPING))
    editor.on('transaction', () => this.draw())
    editor.on('selectionUpdate', () => this.follow())
    this.list.addEventListener('click', (event) => this.act(event))
    this.list.addEventListener('submit', (event) => void this.confirm(event))
    this.toggle.addEventListener('click', () => this.open(this.toggle.getAttribute('aria-expanded') !== 'true'))
    document.addEventListener('visibilitychange', () => this.soon(0))
    const watch = new ResizeObserver(() => this.draw())
    watch.observe(editor.view.dom)
    watch.observe(this.list)
    WIDE.addEventListener('change', () => this.draw())
    this.toggle.hidden = false
    this.drawn()
    this.soon(EVERY)
  }

  // ---- the cards --------------------------------------------------------------------------------

  private soon(delay: number): void {
    window.clearTimeout(this.timer)
    this.timer = window.setTimeout(() => void this.load(), delay)
  }

  private async load(): Promise<void> {
    if (document.visibilityState === 'hidden' || this.loading) return this.soon(EVERY)
    this.loading = true
    const key = this.list.querySelector<HTMLElement>('[data-key]')?.dataset.key ?? ''
    const html = await getPart(`${this.url}?key=${key}`)
    await released()
    this.loading = false
    if (html) this.replace(html)
    this.soon(EVERY)
  }

  /** Keeps the focus on the same act of the same card. */
  private replace(html: string): void {
    const focused = this.list.contains(document.activeElement) ? document.activeElement : null
    const card = focused?.closest<HTMLElement>('.original-block')?.dataset.original
    this.list.replaceChildren(document.createRange().createContextualFragment(html)) // escaped by the server
    this.drawn()
    if (!focused) return
    const again = this.cards().find((one) => one.dataset.original === card)
    ;(again?.querySelector('button') ?? this.editor.view.dom).focus({ preventScroll: true })
  }

  private drawn(): void {
    for (const button of this.list.querySelectorAll<HTMLButtonElement>('button[data-act]')) button.hidden = false
    this.follow()
    this.draw()
  }

  private cards(): HTMLElement[] {
    return [...this.list.querySelectorAll<HTMLElement>('.original-block')]
  }

  // ---- beside each other ------------------------------------------------------------------------

  private draw(): void {
    window.cancelAnimationFrame(this.frame)
    this.frame = window.requestAnimationFrame(() => this.place())
  }

  private place(): void {
    const cards = this.cards()
    const column = this.list.querySelector<HTMLElement>('.original-blocks')
    if (!column || this.editor.isDestroyed) return
    const wide = WIDE.matches && !byId('ws-writing').hidden
    column.classList.toggle('placed', wide)
    if (!wide) {
      for (const card of cards) card.style.removeProperty('top')
      column.style.removeProperty('block-size')
      return this.space(new Map())
    }
    const heights = cards.map((card) => ({ own: card.dataset.own ?? '', height: card.offsetHeight }))
    const placed = place(heights, this.blocks(column.getBoundingClientRect().top))
    cards.forEach((card, index) => card.style.setProperty('top', `${placed.tops[index] ?? 0}px`))
    column.style.setProperty('block-size', `${placed.height}px`)
    this.space(placed.spaces)
  }

  /** Where the blocks of the text would begin without the space that we add. */
  private blocks(from: number): Block[] {
    const spaces = spacingKey.getState(this.editor.state) ?? new Map<string, number>()
    const line = document.querySelector<HTMLElement>('.subject-line') as HTMLElement
    const added = Number(line.dataset.space ?? 0)
    const found: Block[] = [{ id: SUBJECT, top: line.getBoundingClientRect().top - from }]
    let moved = added
    for (const element of this.editor.view.dom.querySelectorAll<HTMLElement>('[data-id]:is(p, h2, h3)')) {
      const id = element.dataset.id ?? ''
      found.push({ id, top: element.getBoundingClientRect().top - from - moved })
      moved += spaces.get(id) ?? 0
    }
    return found
  }

  private space(spaces: Map<string, number>): void {
    const line = document.querySelector<HTMLElement>('.subject-line') as HTMLElement
    const below = spaces.get(SUBJECT) ?? 0
    line.dataset.space = String(below)
    line.style.setProperty('padding-block-end', `${below}px`)
    spaces.delete(SUBJECT)
    const now = spacingKey.getState(this.editor.state) ?? new Map<string, number>()
    if (now.size === spaces.size && [...spaces].every(([id, space]) => now.get(id) === space)) return
    this.editor.view.dispatch(this.editor.state.tr.setMeta(spacingKey, spaces).setMeta('addToHistory', false))
  }

  /** Marks the card of the block with the caret and what is missing behind it: on a narrow screen only these are shown. */
  private follow(): void {
    const { $head } = this.editor.state.selection
    let own = ''
    for (let depth = $head.depth; depth > 0 && !own; depth -= 1) own = String($head.node(depth).attrs.id ?? '')
    const cards = this.cards()
    const card = cards.find((one) => own && one.dataset.own === own) ?? cards[0]
    let isCurrent = false
    for (const one of cards) {
      isCurrent = one === card || (isCurrent && one.classList.contains('missing'))
      one.toggleAttribute('data-current', isCurrent)
    }
  }

  private open(open: boolean): void {
    this.toggle.setAttribute('aria-expanded', String(open))
    this.pane.classList.toggle('open', open)
    this.toggle.textContent = this.word(open ? 'hide' : 'show')
  }

  // ---- acts -------------------------------------------------------------------------------------

  private act(event: Event): void {
    const button = (event.target as Element).closest<HTMLButtonElement>('button[data-act]')
    const card = button?.closest<HTMLElement>('.original-block')
    if (!button || !card) return
    if (button.dataset.act === 'atoms') {
      copyAtoms(this.editor, JSON.parse(card.dataset.atoms ?? '[]') as DocNode[], card.dataset.own ?? '')
    } else {
      copyPassage(this.editor, JSON.parse(card.dataset.node ?? 'null') as DocNode, this.before(card))
    }
    button.hidden = true // pressing twice would copy it twice
  }

  /** The block that translates the nearest card before this one. */
  private before(card: HTMLElement): string {
    const cards = this.cards()
    const earlier = cards.slice(0, cards.indexOf(card)).map((one) => one.dataset.own ?? '')
    return earlier.filter((own) => own && own !== SUBJECT).pop() ?? ''
  }

  private word(name: string): string {
    return this.pane.dataset[name] ?? ''
  }

  private async confirm(event: Event): Promise<void> {
    event.preventDefault()
    const form = event.target as HTMLFormElement
    const error = await postPart(`${form.action}?part=1`, new FormData(form), this.word('unreachable'))
    byId('ws-aloud').textContent = error ?? this.word('right')
    if (error) form.append(Object.assign(document.createElement('span'), { className: 'error-message', textContent: error }))
    else await this.load()
  }
}

/** Null where the page shows no original. */
export function openOriginalPane(editor: Editor): OriginalPane | null {
  const pane = document.getElementById('ws-original')
  return pane ? new OriginalPane(editor, pane) : null
}
