/** The letter as the chosen government's mission would get it, rendered by the server from the current text. */

import { postPreview, type Preview, type Shown } from '../api'
import type { Snapshot } from '../letterDocument'
import { byId, el, released } from '../dom'
import { message } from '../messages'

export class PreviewPane {
  private readonly toggle = byId<HTMLButtonElement>('ws-preview')
  private readonly pane = byId('ws-shown')
  private readonly writing = byId('ws-writing')
  private latestRequest = 0

  constructor(
    private readonly url: string,
    private readonly read: () => Snapshot,
    private readonly shown: () => Shown,
    private readonly answered: (preview: Preview) => void,
  ) {
    this.toggle.addEventListener('click', () => this.show(!this.open))
  }

  get open(): boolean {
    return this.toggle.getAttribute('aria-pressed') === 'true'
  }

  show(open: boolean): void {
    this.toggle.setAttribute('aria-pressed', String(open))
    this.pane.hidden = !open
    this.writing.hidden = open
    byId('ws-toolbar').inert = open // its effects would not be visible
    if (open) void this.load()
  }

  /** Reload: the text, or the government it is shown for, has changed. Values and problems come with the response, which is
   * why it is asked for even while the text is being written. */
  async load(): Promise<void> {
    this.latestRequest += 1
    const request = this.latestRequest
    const text = this.read()
    const answer = await postPreview(this.url, text, this.shown())
    await released()
    if (request !== this.latestRequest) return
    if ('error' in answer) {
      if (this.open) this.pane.replaceChildren(el('p', { class: 'notice warning' }, answer.error || message('preview-unreachable')))
      return
    }
    this.answered(answer)
    if (!this.open) return
    const html = document.createRange().createContextualFragment(answer.html) // escaped by the server, part by part
    const subject = text.subject ? message('subject-shown', { subject: text.subject }) : message('no-subject')
    this.pane.replaceChildren(el('p', { class: 'subject', dir: 'auto' }, subject), html)
  }
}
