/** Where the cards of the original stand beside the blocks that translate them. Pure: heights in, places out. */

export interface Card {
  /** id of the block that translates it; "" where none does */
  own: string
  height: number
}

export interface Block {
  id: string
  /** from the top of the column, as it is without any space of ours */
  top: number
}

export interface Placed {
  /** the top of each card, in the order of the cards */
  tops: number[]
  /** {id of a block: space below it} */
  spaces: Map<string, number>
  height: number
}

const GAP = 10

/** Each card begins where its block does, which is moved down where the card before it is longer than its own block. A card
 * without a block follows the one before it. */
export function place(cards: Card[], blocks: Block[]): Placed {
  const order = new Map(blocks.map((block, index) => [block.id, index]))
  const tops = new Array<number>(cards.length).fill(0)
  const spaces = new Map<string, number>()
  let shift = 0
  let free = 0
  let next = 0
  for (const index of inOrderOfBlocks(cards, order)) {
    const card = cards[index] as Card
    const at = order.get(card.own)
    if (at === undefined) {
      tops[index] = free
    } else {
      const block = blocks[at] as Block
      const before = blocks[at - 1]
      const missing = Math.ceil(free - (block.top + shift))
      if (missing > 0 && before && at >= next) {
        spaces.set(before.id, (spaces.get(before.id) ?? 0) + missing)
        shift += missing
      }
      next = at + 1
      tops[index] = Math.max(free, block.top + shift)
    }
    free = (tops[index] ?? 0) + card.height + GAP
  }
  return { tops, spaces, height: free }
}

/** Cards in the order of their blocks; one without a block stays behind the card that it follows. */
function inOrderOfBlocks(cards: Card[], order: Map<string, number>): number[] {
  let last = -1
  const keys = cards.map((card) => (last = order.get(card.own) ?? last))
  return cards.map((_card, index) => index).sort((one, other) => (keys[one] ?? 0) - (keys[other] ?? 0) || one - other)
}
