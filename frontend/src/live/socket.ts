/** One connection to the server. It opens, is welcomed, and breaks at some time; it is not opened again. */

import { onSlowLine } from '../api'
import type { Incoming, Outgoing } from './protocol'

/** A proxy that swallows sockets does not answer at all. */
const OPENS_WITHIN = 5_000
/** The server answers a question about its state at once; after this long the connection is dead. */
const DEAD_AFTER = 12_000

export interface SocketEvents {
  /** it is open: the first message to send */
  hello: () => Outgoing
  heard: (message: Incoming) => void
  /** it is closed, with the code of the server's reason; 0 if it never opened */
  broke: (code: number) => void
}

export class LiveSocket {
  private readonly socket: WebSocket
  private readonly timer: number
  private lastHeard = Date.now()
  /** bytes that were sent since */
  private underWay = 0
  private over = false
  /** the server has welcomed this person */
  welcomed = false

  constructor(address: string, private readonly events: SocketEvents) {
    this.socket = new WebSocket(address)
    this.timer = window.setTimeout(() => this.welcomed || this.giveUp(), OPENS_WITHIN)
    this.socket.addEventListener('open', () => this.send(events.hello()))
    this.socket.addEventListener('message', (event) => this.hear(String(event.data)))
    this.socket.addEventListener('close', (event) => this.end(event.code))
    this.socket.addEventListener('error', () => this.end(1006))
  }

  /** Nothing was heard for so long that the connection must be dead, though nobody closed it. */
  get silent(): boolean {
    return Date.now() - this.lastHeard > DEAD_AFTER + this.patience
  }

  /** How long what is under way may take before the server can answer anything. */
  get patience(): number {
    return onSlowLine(this.underWay)
  }

  get heardAt(): number {
    return this.lastHeard
  }

  send(message: Outgoing): void {
    if (this.socket.readyState !== WebSocket.OPEN) return
    const words = JSON.stringify(message)
    this.underWay += words.length
    this.socket.send(words)
  }

  /** Close it: nothing more is heard from it. */
  drop(): void {
    this.socket.close(1000)
    this.end(1006) // a dead connection takes a minute to close
  }

  private giveUp(): void {
    this.socket.close()
    this.end(0)
  }

  private hear(data: string): void {
    if (this.over) return
    this.lastHeard = Date.now()
    this.underWay = 0
    const message = JSON.parse(data) as Incoming
    if (message.type === 'welcome') this.welcomed = true
    this.events.heard(message)
  }

  private end(code: number): void {
    if (this.over) return
    this.over = true
    window.clearTimeout(this.timer)
    this.events.broke(code)
  }
}

/** The address of the page data as a socket's: of a path on this host, or of a port and a path. */
export function socketAddress(given: string): string {
  const { protocol, hostname, href } = window.location
  const url = new URL(given.startsWith(':') ? `${protocol}//${hostname}${given}` : given, href)
  url.protocol = url.protocol.replace(/^http/, 'ws')
  return url.href
}
