/** Marks that stand where something could not be kept. They block freezing until somebody has looked. */

export type Lost = 'image' | 'object' | 'table' | 'formula' | 'form' | 'struck' | 'link' | 'note' | 'symbol'

const MAX_WORDS = 120

/** `words` say what it was: the description of an image. */
export function lostMark(page: Document, what: Lost, words: string | null = ''): HTMLElement {
  const mark = page.createElement('span')
  mark.dataset.lost = what
  const said = (words ?? '').replace(/\s+/g, ' ').trim()
  // a description that is a file's name or path tells more about the computer than about the image
  if (said && !/[\\/]|\.(png|jpe?g|gif|emf|wmf|svg|webp)\b/i.test(said)) mark.dataset.words = said.slice(0, MAX_WORDS)
  return mark
}
