/** Tells the person what was left out of a pasted text or changed in it. A notice stays until the person closes it. */

import { byId, el, icon, linkButton } from '../dom'
import { formatList, message, plural } from '../messages'
import { CHANGED, LEFT_OUT, TO_CHECK, type Finding, type PasteReport } from '../paste/report'

export class PasteNotices {
  private readonly box = byId('ws-pasted')

  show(report: PasteReport): void {
    const sentences = foundSentences(report)
    const notice = el('section', { class: 'notice warning', 'aria-label': message('paste-title') })
    const close = () => {
      notice.remove()
      byId('ws-text').focus()
    }
    notice.append(
      el('p', {}, icon('warn'), ' ', el('b', {}, message('paste-title'))),
      ...sentences.map((words) => el('p', {}, words)),
      ...(report.excerpts.length ? [excerpts(report.excerpts)] : []),
      el('p', { class: 'link-row' }, message('paste-undo'), ' ', linkButton(message('close'), close)),
    )
    this.box.prepend(notice)
    byId('ws-aloud').textContent = [message('paste-title'), ...sentences].join('. ')
  }
}

/** What was left out, what was changed and what only the person can check: a sentence each. */
export function foundSentences(report: PasteReport): string[] {
  return [
    sentence('paste-left-out', LEFT_OUT, report),
    sentence('paste-changed', CHANGED, report),
    sentence('paste-to-check', TO_CHECK, report),
  ].filter(Boolean)
}

/** "Left out: 1 tracked deletion and 2 comments." */
function sentence(key: string, findings: readonly Finding[], report: PasteReport): string {
  const parts = findings.filter((finding) => report.counts.has(finding))
  if (!parts.length) return ''
  return message(key, { what: formatList(parts.map((finding) => plural(`paste-${finding}`, report.counts.get(finding) ?? 0))) })
}

export function excerpts(words: string[]): HTMLElement {
  return el(
    'details',
    {},
    el('summary', {}, message('paste-excerpts')),
    el('ul', {}, ...words.map((text) => el('li', {}, el('q', { dir: 'auto' }, text)))),
  )
}
