/** The status line that says whether the text is saved, and the notices above the text when it is not. */

import { linkButton, byId, el, icon } from '../dom'
import type { Conflict, Status } from '../saving'
import { plural, message, formatMoment } from '../messages'

export interface Remedies {
  retry: () => void
  compare: () => void
  copy: () => void
}

const NOTICED = ['conflict', 'refused', 'signed-out']

export class StatusLine {
  private readonly page = byId('workspace')
  private readonly line = byId('ws-saved')
  private readonly aloud = byId('ws-aloud')
  private readonly notices = byId('ws-notices')
  private last = 'saved'
  private lastAt: Date | null = null
  private noticed = ''

  constructor(private readonly remedies: Remedies) {}

  show(status: Status): void {
    if (status.kind === 'saved') this.lastAt = status.at ?? this.lastAt
    const [tone, symbol, words] = this.words(status)
    this.page.dataset.state = status.kind
    this.line.className = `saved ${tone}`
    this.line.replaceChildren(icon(symbol), words)
    this.speak(status)
    this.notice(status)
    if (status.kind !== 'waiting' && status.kind !== 'saving') this.last = status.kind
  }

  private words(status: Status): [tone: string, symbol: string, words: string] {
    switch (status.kind) {
      case 'saved':
      case 'waiting':
        return ['', 'ok', this.lastAt ? message('saved', { time: formatMoment(this.lastAt) }) : message('saved-before')]
      case 'saving':
        return ['waits', 'clock', message('saving')]
      case 'offline':
        return ['warn', 'warn', plural(status.server ? 'no-answer' : 'offline', status.changes)]
      case 'conflict':
        return ['warn', 'warn', plural('not-saved', status.changes)]
      case 'refused':
      case 'signed-out':
        return ['warn', 'warn', plural('not-saved', status.changes)]
    }
  }

  /** Announces changes of state only: announcing every save would interrupt screen readers while typing. */
  private speak(status: Status): void {
    if (status.kind === this.last || status.kind === 'waiting' || status.kind === 'saving') return
    this.aloud.textContent = this.line.textContent
  }

  private notice(status: Status): void {
    const key = this.key(status)
    if (key === this.noticed) return
    this.noticed = key
    document.getElementById('ws-trouble')?.remove()
    if (!NOTICED.includes(status.kind)) return
    const body = this.body(status)
    if (body) this.notices.prepend(body)
  }

  private key(status: Status): string {
    if (status.kind === 'conflict') return `conflict ${status.theirs.revision}`
    if (status.kind === 'refused') return `refused ${status.reason} ${status.path}`
    return NOTICED.includes(status.kind) ? status.kind : ''
  }

  private body(status: Status): HTMLElement | null {
    const { retry, compare, copy } = this.remedies
    if (status.kind === 'conflict') {
      return notice('warning', conflictTitle(status.theirs), message('conflict-text'), [
        linkButton(message('compare'), compare),
        linkButton(message('copy-mine'), copy),
      ])
    }
    if (status.kind === 'refused') return notice('error', message('refused'), status.reason, [linkButton(message('copy-mine'), copy)])
    if (status.kind === 'signed-out') {
      return notice('warning', message('signed-out'), status.reason || message('signed-out-text'), [
        signInLink(),
        linkButton(message('try-again'), retry),
        linkButton(message('copy-mine'), copy),
      ])
    }
    return null
  }
}

/** "Naledi Motsepe saved this text at 16:20:41, after you had opened it." */
export function conflictTitle(theirs: Conflict): string {
  const time = theirs.savedAt ? formatMoment(theirs.savedAt) : '–'
  return theirs.savedBy ? message('conflict', { name: theirs.savedBy, time }) : message('conflict-unnamed', { time })
}

function notice(tone: string, title: string, text: string, acts: Node[]): HTMLElement {
  return el(
    'div',
    { class: `notice ${tone}`, id: 'ws-trouble', role: 'alert' },
    el('p', {}, el('b', {}, title)),
    el('p', {}, text),
    el('p', { class: 'link-row' }, ...acts),
  )
}

function signInLink(): HTMLElement {
  const address = byId('workspace').dataset.signIn ?? '/'
  return el('a', { href: address, target: '_blank', rel: 'opener' }, message('sign-in'))
}
