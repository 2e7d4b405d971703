/** On narrow screens the evidence stands at the end of the page: a button at the foot opens it over the text. */

import { byId } from '../dom'

export class EvidenceSheet {
  private readonly pane = byId('ws-evidence')
  private readonly opener = byId<HTMLButtonElement>('ws-evidence-open')
  private readonly closer = byId<HTMLButtonElement>('ws-evidence-close')

  constructor() {
    this.opener.hidden = false
    document.querySelector('#ws-original .section-head')?.append(this.opener) // which stands at the foot there
    this.opener.addEventListener('click', () => {
      this.show(true)
      this.closer.focus()
    })
    this.closer.addEventListener('click', () => this.leave())
    this.pane.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && this.pane.classList.contains('open')) this.leave()
    })
  }

  show(open: boolean): void {
    this.pane.classList.toggle('open', open)
    this.opener.setAttribute('aria-expanded', String(open))
  }

  private leave(): void {
    this.show(false)
    this.opener.focus()
  }
}
