/** What the page gives to the session, and what it hears from it. */

import type { Person } from './protocol'
import type { Status } from './status'

export interface SessionOptions {
  urls: { live: string; updates: string }
  document: string
  /** the whole document as the page was sent */
  state: string
  savedAt: Date | null
  person: Person
  canEdit: boolean
  /** the name under which unsent text is kept in this browser */
  keptAs: string
  /** the words of the text, as a person would copy them */
  words: () => string
  show: (status: Status) => void
  /** the text takes no more edits of this person */
  readOnly: () => void
  /** the server has everything up to this number */
  saved: (sequence: number) => void
  /** over plain HTTP, which is slower */
  slow: (slow: boolean) => void
  /** somebody composes a character: the text must not move meanwhile */
  composing: () => boolean
}
