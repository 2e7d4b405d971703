/** The server's endpoints for comments. Failed requests do not throw. */

import { send } from '../api'

export interface Anchor {
  from: string
  to: string
}

export interface Said {
  id: number
  by: string
  guest: boolean
  removable: boolean
  /** in the reader's time zone */
  at: string
  body: string
  mentions: string[]
}

export interface Thread extends Said {
  block: string
  anchor: Anchor | null
  /** the words as they stood */
  quote: string
  /** other words for them; null for a comment */
  proposal: string | null
  decision: '' | 'accepted' | 'refused'
  resolved: boolean
  resolved_by: string
  replies: Said[]
}

export interface Person {
  id: number
  name: string
}

export interface Written {
  body: string
  mentions: number[]
  /** null: a comment */
  proposal: string | null
  /** of the form: the same words sent again with it are the same comment */
  form_key: string
}

export interface NewThread extends Written {
  block: string
  anchor: Anchor | null
  quote: string
}

/** null: no response; a string: why it was refused */
export type Outcome = Thread | string | null

export class CommentRequests {
  constructor(private readonly url: string) {}

  async all(): Promise<{ threads: Thread[]; people: Person[] } | null> {
    const response = await send('GET', this.url)
    return response?.ok ? ((await response.json()) as { threads: Thread[]; people: Person[] }) : null
  }

  begin(thread: NewThread): Promise<Outcome> {
    return this.post('new', thread)
  }

  reply(id: number, { body, mentions, form_key }: Written): Promise<Outcome> {
    return this.post(`${id}/answer`, { body, mentions, form_key })
  }

  close(id: number, resolved: boolean): Promise<Outcome> {
    return this.post(`${id}/close`, { resolved })
  }

  decide(id: number, accepted: boolean): Promise<Outcome> {
    return this.post(`${id}/decide`, { accepted })
  }

  async remove(id: number): Promise<string | null> {
    const response = await send('POST', `${this.url}/${id}/delete`, {})
    return response?.status === 204 ? '' : response ? await reason(response) : null
  }

  private async post(act: string, data: unknown): Promise<Outcome> {
    const response = await send('POST', `${this.url}/${act}`, data)
    if (!response) return null
    return response.ok ? ((await response.json()) as Thread) : reason(response)
  }
}

async function reason(response: Response): Promise<string> {
  try {
    const answer = (await response.json()) as { error?: string; detail?: string }
    return answer.error ?? answer.detail ?? ''
  } catch {
    return ''
  }
}
