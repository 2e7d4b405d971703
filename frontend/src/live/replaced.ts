/** Words that an earlier window of this browser left behind, in a block that somebody else has replaced since. */

import * as Y from 'yjs'

/** What these updates wrote and did not take away again themselves, and what the document that took them in does not show. */
export function replacedWords(doc: Y.Doc, updates: Uint8Array[]): string {
  const decoded = updates.map((update) => Y.decodeUpdate(update))
  const erased = decoded.flatMap(({ ds }) => [...ds.clients].flatMap(([client, items]) => items.map((item) => ({ client, ...item }))))
  const isGone = (client: number, clock: number) =>
    clock < Y.getState(doc.store, client) &&
    !erased.some((item) => item.client === client && clock >= item.clock && clock < item.clock + item.len) &&
    Y.getItem(doc.store, Y.createID(client, clock)).deleted
  const lines = decoded.flatMap(({ structs }) => structs).map((struct) => {
    if (!(struct instanceof Y.Item) || !(struct.content instanceof Y.ContentString)) return '\n'
    const { client, clock } = struct.id
    return struct.content.str.split('').filter((_, at) => isGone(client, clock + at)).join('')
  })
  return lines.join('').replace(/\n+/g, '\n').trim()
}
