/** Offers a draft that a closed window left in this browser, and restores it only on request. */

import { linkButton, byId, el } from '../dom'
import type { Draft } from '../drafts'
import { formatMoment, plural, message } from '../messages'

export interface Offers {
  restore: () => void
  /** compare it with the text; true if the person has decided */
  look: () => Promise<boolean>
  discard: () => void
}

/** Resolves when the person has decided. */
export function offerDraft(draft: Draft, revision: number, offers: Offers): Promise<void> {
  return new Promise((resolve) => show(draft, revision, offers, resolve))
}

function show(draft: Draft, revision: number, offers: Offers, decided: () => void): void {
  const same = draft.revision === revision
  const box = el(
    'div',
    { class: 'notice', role: 'status', 'data-draft': draft.at },
    el('p', {}, el('b', {}, plural('draft-left', draft.changes, { time: formatMoment(new Date(draft.at)) }))),
    el('p', {}, message(same ? 'draft-same' : 'draft-older')),
  )
  const done = () => {
    box.remove()
    byId('ws-text').focus()
    decided()
  }
  const acts = same
    ? [linkButton(message('draft-restore'), () => (offers.restore(), done()))]
    : [linkButton(message('compare'), async () => (await offers.look()) && done())]
  acts.push(linkButton(message('draft-discard'), () => (offers.discard(), done())))
  box.append(el('p', { class: 'link-row' }, ...acts))
  byId('ws-notices').append(box)
}
