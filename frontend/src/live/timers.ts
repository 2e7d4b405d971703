/** Timers by name: setting one again replaces it. */

export class Timers {
  private readonly running = new Map<string, number>()

  set(name: string, delay: number, run: () => void): void {
    this.cancel(name)
    const timer = window.setTimeout(() => {
      this.running.delete(name)
      run()
    }, delay)
    this.running.set(name, timer)
  }

  cancel(name: string): void {
    window.clearTimeout(this.running.get(name))
    this.running.delete(name)
  }

  cancelAll(): void {
    for (const name of [...this.running.keys()]) this.cancel(name)
  }
}
