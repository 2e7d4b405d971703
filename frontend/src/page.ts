/** The data that the server sends with the page: <script type="application/json" id="editor-data">. */

import type { Note, Problem } from './api'
import { byId } from './dom'
import type { Person } from './live/protocol'
import type { Entry, Fact, Field } from './reader'

export interface PageData {
  /** live: of the socket, empty where there is none; updates: the same over plain HTTP */
  urls: { live: string; updates: string; comments: string; preview: string; evidence: string; pdf: string; plain: string; docx: string; word_text: string; citation_update: string }
  saved_at: string | null
  /** the document that several people write: its id, and the whole of it as an update */
  document: string
  state: string
  person: Person
  merge_fields: Field[]
  members: { code: string; name: string; recipients: { id: number; label: string }[] }[]
  /** the member and the recipient first shown; null is the general edition */
  member: string | null
  recipient: number | null
  /** groups, stances and governments that a block can be limited to */
  audiences: Entry[]
  /** the facts that the text cites, by key */
  facts: Record<string, Fact>
  problems: Problem[]
  /** what a mark of something left out says, by its kind */
  lost_words: Record<string, string>
  notes: Note[]
  can_edit: boolean
  can_comment: boolean
  language: string
  dir: 'ltr' | 'rtl'
}

export function pageData(): PageData {
  return JSON.parse(byId('editor-data').textContent ?? '{}') as PageData
}
