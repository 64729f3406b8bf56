import type { DoorsWords } from '../en/doors.ts'

export const words: DoorsWords = {
  learn: 'Lernen',
  lab: 'Labor',
  live: 'Live',
  home: 'Flotilla, Startseite',
  lightTheme: 'Heller Hintergrund',
  darkTheme: 'Dunkler Hintergrund',
  otherLanguage: 'English',
  help: 'Hilfe',
  close: 'Schließen',
  loading: 'Einen Moment …',
  titled: what => `${what} · Flotilla`,
  liveElsewhere: {
    title: 'Live braucht einen Server',
    why: 'Diese Seite ist eine Datei, und in Live ist jeder Tab ein Knoten: Tabs treffen sich nur, wo eine Seite ausgeliefert wird.',
    how: 'Auf einem Rechner mit Node.js liefert npm start im Ordner des Projekts sie aus. Lernen und Labor sind hier vollständig.',
    openLab: 'Labor öffnen',
  },
}
