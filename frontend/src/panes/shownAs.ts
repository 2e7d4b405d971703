/** The government and the recipient for whom the text is shown, and the links that show it elsewhere. */

import type { Shown } from '../api'
import { byId } from '../dom'

export class ShownAs {
  private readonly select = byId<HTMLSelectElement>('ws-member')

  /** `changed` when somebody chooses. */
  constructor(private shown: Shown, changed: () => void) {
    const { member, recipient } = shown
    this.select.value = recipient ? `${member}:${recipient}` : (member ?? '')
    this.pointLinks()
    this.select.addEventListener('change', () => {
      const [code, id] = this.select.value.split(':')
      this.shown = { member: code || null, recipient: id ? Number(id) : null }
      this.pointLinks()
      changed()
    })
  }

  get present(): Shown {
    return this.shown
  }

  /** Point the links to plain text and PDF at the chosen government; the path of the country letter has its code. */
  private pointLinks(): void {
    for (const link of document.querySelectorAll<HTMLAnchorElement>('a[data-for-member]')) {
      const url = new URL(link.href)
      const inPath = link.dataset.forMember === 'path'
      if (inPath && this.shown.member) url.pathname = url.pathname.replace(/[^/]+\/$/, `${this.shown.member}/`)
      for (const [name, value] of Object.entries(this.shown)) {
        if (value && !(inPath && name === 'member')) url.searchParams.set(name, String(value))
        else url.searchParams.delete(name)
      }
      link.href = url.href
    }
  }
}
