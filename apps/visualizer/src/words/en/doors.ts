/** What stands in every header, and where a door cannot be opened. */
export const words = {
  learn: 'Learn',
  lab: 'Lab',
  live: 'Live',
  home: 'Flotilla, home',
  lightTheme: 'Light theme',
  darkTheme: 'Dark theme',
  /** On the button that changes to the other language, in that language. */
  otherLanguage: 'Deutsch',
  help: 'Help',
  close: 'Close',
  loading: 'One moment …',
  titled: (what: string) => `${what} · Flotilla`,
  liveElsewhere: {
    title: 'Live needs a server',
    why: 'This page is a file on disk, and in Live every tab is a node: tabs meet only where a page is served.',
    how: 'On a machine with Node.js, npm start in the project’s folder serves it. Learn and the Lab are whole here.',
    openLab: 'Open the Lab',
  },
}

export type DoorsWords = typeof words
