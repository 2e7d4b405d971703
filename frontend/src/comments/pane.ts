/** Comments beside the text: threads in the order of their passages, replies, suggestions to decide. */

import type { Editor } from '@tiptap/core'
import type { Awareness } from 'y-protocols/awareness'

import { byId, el, icon, linkButton, released } from '../dom'
import { message, plural } from '../messages'
import { anchorOf, blockAt, isPlain, wordsIn, type Range } from './anchors'
import { passageOf, showThreads } from './marks'
import { CommentRequests, type NewThread, type Outcome, type Person, type Said, type Thread, type Written } from './requests'
import { fieldWithWords, writingForm } from './writing'

/** How often comments are asked for, while the page is in sight: guests tell nobody that they wrote one. */
const ASK_EVERY = 20_000

export interface Rights {
  comment: boolean
  /** put suggestions into the text */
  decide: () => boolean
}

export class CommentsPane {
  private readonly list = byId('ws-comments-list')
  private readonly empty = byId('ws-comments-empty')
  private readonly tally = byId('ws-comments-count')
  private readonly place = byId('ws-comment-new')
  private readonly notice = el('div')
  /** in reach of what is selected, wherever the list is */
  private readonly here = el('p', { class: 'comment-here', hidden: true, onmousedown: (event) => event.preventDefault() })
  private readonly requests: CommentRequests
  private threads: Thread[] = []
  private people: Person[] = []
  private active = 0
  private latestRequest = 0
  /** where writing began: who came by a key from the text goes back there */
  private inText = false
  private resolvedShown = false
  /** how often others were told that something was said here, and how often each of them told it */
  private told = 0
  private heardOf = '[]'

  constructor(url: string, private readonly editor: Editor, private readonly rights: Rights, private readonly awareness: Awareness) {
    this.requests = new CommentRequests(url)
    byId('ws-comment-acts').hidden = !rights.comment
    this.place.before(this.notice)
    byId('ws-comment').addEventListener('click', () => this.write(false))
    byId('ws-suggest').addEventListener('click', () => this.write(true))
    this.here.append(linkButton(message('comment'), () => this.write(false)), linkButton(message('suggest'), () => this.write(true)))
    byId('ws-pasted').before(this.here)
    editor.on('selectionUpdate', () => this.offer())
    awareness.on('change', () => this.heard())
  }

  async start(): Promise<void> {
    await this.load()
    const wanted = /^#comment-(\d+)$/.exec(window.location.hash)?.[1]
    if (wanted) this.open(Number(wanted))
    window.setInterval(() => document.visibilityState === 'visible' && void this.load(), ASK_EVERY)
    window.addEventListener('focus', () => void this.load())
  }

  /** Show a thread, from its passage. */
  open(id: number): void {
    if (!this.threads.some((thread) => thread.id === id)) return
    this.active = id
    this.draw()
    document.getElementById(`comment-${id}`)?.scrollIntoView({ block: 'nearest' })
  }

  private offer(): void {
    this.here.hidden = !this.rights.comment || this.editor.state.selection.empty || this.place.querySelector('form') !== null
  }

  private tellOthers(): void {
    this.told += 1
    this.awareness.setLocalStateField('comments', this.told)
  }

  private heard(): void {
    const others = [...this.awareness.getStates()].filter(([client, { comments }]) => client !== this.awareness.clientID && comments)
    const heardOf = JSON.stringify(others.map(([client, { comments }]) => [client, comments as unknown]))
    if (heardOf === this.heardOf) return
    this.heardOf = heardOf
    void this.load()
  }

  /** Begin a comment on the selection, or a suggestion. One that was begun stays until it is sent or given up. */
  write(suggestion: boolean): void {
    if (!this.rights.comment) return
    this.notice.replaceChildren()
    const begun = fieldWithWords(this.place)
    if (begun) return begun.focus()
    this.inText = this.editor.view.hasFocus()
    const { state } = this.editor
    const range = { from: state.selection.from, to: state.selection.to }
    if (suggestion && !isPlain(state, range)) return this.tell(message('suggest-what'))
    const words = wordsIn(state, range)
    const passage = this.passage(range, words)
    this.place.replaceChildren(
      words ? el('blockquote', { dir: 'auto' }, words) : el('p', { class: 'muted' }, message('comment-whole')),
      writingForm({
        label: suggestion ? message('suggest-words') : message('comment-body'),
        act: suggestion ? message('suggest') : message('comment'),
        ...(suggestion ? { words } : {}),
        people: () => this.people,
        send: (written) => this.begin(passage, written),
        done: () => this.written(true),
        away: () => this.written(false),
      }),
    )
    this.offer()
  }

  private passage(range: Range, words: string): Omit<NewThread, keyof Written> {
    const { state } = this.editor
    if (range.from === range.to) return { block: '', anchor: null, quote: '' }
    return { block: blockAt(state, range.from), anchor: anchorOf(state, range), quote: words }
  }

  private async begin(passage: Omit<NewThread, keyof Written>, written: Written): Promise<Outcome> {
    const outcome = await this.requests.begin({ ...passage, ...written })
    if (outcome && typeof outcome !== 'string') {
      this.tellOthers()
      this.active = outcome.id
      this.threads.push(outcome) // in sight before the list comes again
    }
    return outcome
  }

  private written(sent: boolean): void {
    this.place.replaceChildren()
    this.notice.replaceChildren()
    if (!this.inText) byId('ws-comment').focus()
    else this.editor.chain().setTextSelection(sent ? this.editor.state.selection.to : this.editor.state.selection).focus().run()
    this.offer()
    this.draw()
    void this.load()
  }

  private async load(): Promise<void> {
    this.latestRequest += 1
    const request = this.latestRequest
    const answer = await this.requests.all()
    await released()
    if (!answer || request !== this.latestRequest) return // a later request is under way
    const key = JSON.stringify(answer.threads)
    this.people = answer.people
    if (key === this.list.dataset.shown) return
    this.threads = answer.threads
    if (!this.list.querySelector('form')) this.list.dataset.shown = key
    this.draw()
  }

  private draw(): void {
    showThreads(this.editor, this.threads, this.active)
    for (const item of this.list.querySelectorAll('.thread')) item.classList.toggle('active', item.id === `comment-${this.active}`)
    if (this.list.querySelector('form')) return // a reply is being written
    const { state } = this.editor
    const place = new Map(this.threads.map((thread) => [thread.id, passageOf(state, thread)?.from ?? Infinity]))
    const sorted = [...this.threads].sort((a, b) => (place.get(a.id) ?? 0) - (place.get(b.id) ?? 0) || a.id - b.id)
    const open = sorted.filter((thread) => !thread.resolved)
    const resolved = sorted.filter((thread) => thread.resolved)
    this.list.replaceChildren(...open.map((thread) => this.item(thread)))
    if (resolved.length) this.list.append(this.resolvedItems(resolved))
    this.empty.hidden = open.length > 0
    this.tally.textContent = open.length ? plural('comments-open', open.length) : ''
  }

  private resolvedItems(threads: Thread[]): HTMLElement {
    const details = el(
      'details',
      { open: this.resolvedShown },
      el('summary', {}, plural('comments-resolved', threads.length)),
      el('ol', {}, ...threads.map((thread) => this.item(thread))),
    )
    details.addEventListener('toggle', () => (this.resolvedShown = details.open))
    return el('li', {}, details)
  }

  private item(thread: Thread): HTMLElement {
    const range = passageOf(this.editor.state, thread)
    const parts = [
      thread.quote ? this.quote(thread, range) : null,
      this.said(thread),
      ...thread.replies.map((reply) => this.said(reply)),
      thread.decision ? el('p', { class: 'muted' }, message(`suggestion-${thread.decision}`, { name: thread.resolved_by })) : null,
      this.rights.comment ? this.acts(thread, range) : null,
    ]
    return el('li', { class: `thread${thread.id === this.active ? ' active' : ''}`, id: `comment-${thread.id}` }, ...parts)
  }

  private quote(thread: Thread, range: Range | null): HTMLElement {
    const words = thread.proposal === null ? el('q', { dir: 'auto' }, thread.quote) : el('span', { dir: 'auto' }, el('del', {}, thread.quote), ' ', el('ins', {}, thread.proposal))
    if (!range) return el('p', {}, words, ' ', el('span', { class: 'muted' }, message('comment-gone')))
    return el('p', {}, words, ' ', linkButton(message('show-in-text'), () => this.goTo(thread, range)))
  }

  private said(said: Said): HTMLElement {
    const by = said.guest ? message('comment-guest', { name: said.by }) : said.by || '–'
    const remove = said.removable && this.rights.comment ? linkButton(message('remove'), () => void this.remove(said)) : null
    return el('div', { class: 'comment' }, el('p', { class: 'by' }, el('b', {}, el('bdi', {}, by)), ' ', el('span', { class: 'muted' }, said.at), ' ', remove), el('p', { dir: 'auto' }, said.body))
  }

  private acts(thread: Thread, range: Range | null): HTMLElement {
    const acts = [linkButton(message('comment-reply'), (event) => this.reply(thread, event.currentTarget as HTMLElement))]
    if (thread.proposal !== null && !thread.decision && this.rights.decide()) {
      if (range) acts.push(linkButton(message('suggestion-accept'), () => void this.decide(thread, true)))
      acts.push(linkButton(message('suggestion-refuse'), () => void this.decide(thread, false)))
    } else if (!thread.decision) {
      acts.push(linkButton(message(thread.resolved ? 'comment-reopen' : 'comment-resolve'), () => void this.after(this.requests.close(thread.id, !thread.resolved))))
    }
    return el('p', { class: 'link-row' }, ...acts)
  }

  private reply(thread: Thread, button: HTMLElement): void {
    const row = button.closest('.link-row') as HTMLElement
    const back = (sent = false) => {
      delete this.list.dataset.shown
      form.replaceWith(row)
      if (sent) this.tellOthers()
      void this.load()
    }
    const form = writingForm({
      label: message('comment-reply-body'),
      act: message('comment-reply'),
      people: () => this.people,
      send: (written) => this.requests.reply(thread.id, written),
      done: () => back(true),
      away: () => back(),
    })
    row.replaceWith(form)
  }

  /** The decision comes first, so that of two people who accept at once one changes the text. */
  private async decide(thread: Thread, accepted: boolean): Promise<void> {
    const range = passageOf(this.editor.state, thread)
    if (accepted && (!range || wordsIn(this.editor.state, range) !== thread.quote)) return this.tell(message('suggestion-changed'))
    if (!(await this.after(this.requests.decide(thread.id, accepted))) || !accepted) return
    const now = passageOf(this.editor.state, thread) ?? range
    if (!now) return
    const { tr } = this.editor.state
    this.editor.view.dispatch(thread.proposal ? tr.insertText(thread.proposal, now.from, now.to) : tr.delete(now.from, now.to))
  }

  private async remove(said: Said): Promise<void> {
    const error = await this.requests.remove(said.id)
    if (error !== '') this.tell(error ?? message('comment-not-sent'))
    else this.tellOthers()
    await this.load()
  }

  private async after(request: Promise<Outcome>): Promise<boolean> {
    const outcome = await request
    const done = outcome !== null && typeof outcome !== 'string'
    if (done) this.tellOthers()
    else this.tell(outcome || message('comment-not-sent'))
    await this.load()
    return done
  }

  /** Select the passage where it is now; `range` is where it was when the thread was drawn. */
  private goTo(thread: Thread, range: Range): void {
    const { from, to } = passageOf(this.editor.state, thread) ?? range
    this.active = thread.id
    this.draw()
    this.editor.chain().setTextSelection({ from, to }).scrollIntoView().focus().run()
  }

  private tell(words: string): void {
    this.notice.replaceChildren(el('p', { class: 'notice warning', role: 'alert' }, icon('warn'), ' ', words))
  }
}
