/** The status line that says whether the text is saved, and the notices above the text when it is not. */

import { linkButton, byId, el, icon } from '../dom'
import type { Status } from '../live/status'
import { plural, message, formatMoment } from '../messages'

export interface Remedies {
  retry: () => void
  copy: () => void
  /** give up what the server refuses, and load what it has */
  reload: () => void
}

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
    if (words !== this.line.textContent) {
      this.line.className = `saved ${tone}`
      this.line.replaceChildren(icon(symbol), words)
    }
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
        if (!status.changes) return ['warn', 'warn', message('offline-idle')]
        if (!status.kept) return ['warn', 'warn', plural('offline-unkept', status.changes)]
        return ['warn', 'warn', plural(status.server ? 'no-answer' : 'offline', status.changes)]
      default:
        return status.changes ? ['warn', 'warn', plural('not-saved', status.changes)] : ['warn', 'lock', message('read-only')]
    }
  }

  /** Announces changes of state only: announcing every save would interrupt screen readers while typing. */
  private speak(status: Status): void {
    if (status.kind === this.last || status.kind === 'waiting' || status.kind === 'saving') return
    this.aloud.textContent = this.line.textContent
  }

  private notice(status: Status): void {
    const key = 'reason' in status ? `${status.kind} ${status.reason} ${status.changes > 0}` : ''
    if (key === this.noticed) return
    this.noticed = key
    document.getElementById('ws-trouble')?.remove()
    const body = this.body(status)
    if (body) this.notices.prepend(body)
  }

  private body(status: Status): HTMLElement | null {
    const { retry, copy, reload } = this.remedies
    const mine = linkButton(message('copy-mine'), copy)
    switch (status.kind) {
      case 'refused':
      case 'begun-anew':
        return notice('error', message('refused'), status.reason, [mine, linkButton(message('load-saved'), reload)])
      case 'signed-out': {
        const acts = [signInLink(), linkButton(message('try-again'), retry), mine]
        return notice('warning', message('signed-out'), status.reason || message('signed-out-text'), acts)
      }
      case 'stopped':
        return notice('warning', message('stopped'), status.reason, status.changes ? [mine] : [])
      default:
        return null
    }
  }
}

/** Copies it to the clipboard, and says so. */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    byId('ws-aloud').textContent = message('copied')
  } catch {
    byId('ws-aloud').textContent = message('not-copied')
  }
}

/** Words that could not be merged with what the server has. They stay until the person lets them go. */
export function offerRescue(rescue: { text: string; at: string; replaced?: boolean }, forget: () => void): void {
  const box = el('div', { class: 'notice warning', 'data-rescue': rescue.at })
  const drop = () => {
    forget()
    box.remove()
    byId('ws-text').focus()
  }
  box.append(
    el('p', {}, el('b', {}, message(rescue.replaced ? 'replaced-meanwhile' : 'begun-anew'))),
    el('p', {}, message('rescue', { time: formatMoment(new Date(rescue.at)) })),
    el('p', { class: 'link-row' }, linkButton(message('copy-mine'), () => void copyText(rescue.text)), linkButton(message('rescue-drop'), drop)),
  )
  byId('ws-notices').append(box)
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
