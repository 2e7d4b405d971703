/** What was left out of or changed in a pasted text, so that the person can be told. */

/** In the order in which the person reads them; each is a message "paste-…" of the page. */
export const LEFT_OUT = ['deletions', 'struck', 'comments', 'hidden', 'images', 'objects', 'forms', 'addresses', 'hidden-links', 'direction'] as const
export const CHANGED = ['links', 'tracking', 'scripts', 'footnotes', 'tables'] as const
/** Kept, but only the person can tell whether it should be. */
export const TO_CHECK = ['private-links', 'divided'] as const
export type Finding = (typeof LEFT_OUT)[number] | (typeof CHANGED)[number] | (typeof TO_CHECK)[number]

const MAX_EXCERPTS = 20
const MAX_EXCERPT = 160

export class PasteReport {
  readonly counts = new Map<Finding, number>()
  /** words that were left out, shown to the person on request */
  readonly excerpts: string[] = []

  add(finding: Finding, number = 1): void {
    if (number > 0) this.counts.set(finding, (this.counts.get(finding) ?? 0) + number)
  }

  /** Note that these words were left out. Words that show nothing are not worth a report. */
  leaveOut(finding: Finding, words: string | null): void {
    if (!words?.trim()) return
    this.add(finding)
    this.keepExcerpt(words)
  }

  /** Words that were left out, for the person to look at. */
  keepExcerpt(words: string | null): void {
    const text = (words ?? '').replace(/\s+/g, ' ').trim()
    if (!text || this.excerpts.length >= MAX_EXCERPTS) return
    this.excerpts.push(text.length > MAX_EXCERPT ? `${text.slice(0, MAX_EXCERPT)}…` : text)
  }

  get empty(): boolean {
    return this.counts.size === 0
  }
}
