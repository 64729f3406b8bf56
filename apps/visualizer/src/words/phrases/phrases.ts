/** What other packages say in fixed English words, and how another language says it. */
export type Phrases = Readonly<Record<string, string>>
