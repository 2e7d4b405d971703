/** What happens to the page, told to the session; and a form that waits until all is saved. */

import { byId } from '../dom'
import type { Session } from './session'

/** Windows sleep, close and come back, and networks go: the session hears of it at once. `pending`: whether leaving the
 * page would lose something that is not the session's. */
export function stayInTouch(session: Session, pending: () => boolean): void {
  window.addEventListener('online', () => session.wake())
  window.addEventListener('offline', () => session.offline())
  window.addEventListener('focus', () => session.wake())
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') session.leave(false)
    else session.wake()
  })
  window.addEventListener('pagehide', () => session.leave(true))
  window.addEventListener('pageshow', (event) => event.persisted && session.wake())
  document.addEventListener('resume', () => session.wake()) // a phone that slept
  document.addEventListener('compositionend', () => window.setTimeout(() => session.arrivals.release()))
  window.addEventListener('beforeunload', (event) => {
    if (session.unsaved || pending()) event.preventDefault()
  })
}

/** Reviewers read the saved text, so the form is submitted only after saving; on a slow line it says so. */
export async function submitWhenSaved(session: Session, event: Event): Promise<void> {
  if (!session.unsaved) return
  event.preventDefault()
  const form = event.currentTarget as HTMLFormElement
  const said = byId('ws-ask-waits')
  if (!said.hidden) return
  said.hidden = false
  byId('ws-aloud').textContent = said.textContent
  const saved = await session.whenSaved()
  said.hidden = true
  if (saved) form.requestSubmit()
}
