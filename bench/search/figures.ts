import { type Judgement, PAGE } from './judgements.ts'

/** How well a page of ids answers a judged query, each from 0 to 1. */
export interface Figures {
  /** Whether the first answer is acceptable. */
  success: number
  /** 1 / rank of the first acceptable answer on the page. */
  reciprocalRank: number
  /** Share of the groups that have an entry on the page. */
  recall: number
}

export function figuresOf(page: readonly string[], { first, top }: Judgement): Figures {
  const shown = page.slice(0, PAGE)
  const rank = shown.findIndex((id) => first.has(id)) + 1
  return {
    success: rank === 1 ? 1 : 0,
    reciprocalRank: rank === 0 ? 0 : 1 / rank,
    recall: top.filter((group) => shown.some((id) => group.has(id))).length / top.length,
  }
}

export function meanOf(all: readonly Figures[]): Figures {
  const mean = (figure: keyof Figures) => all.reduce((sum, each) => sum + each[figure], 0) / all.length
  return { success: mean('success'), reciprocalRank: mean('reciprocalRank'), recall: mean('recall') }
}
