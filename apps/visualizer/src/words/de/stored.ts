import type { StoredWords } from '../en/stored.ts'
import { bytes, count, list, number } from '../forms.ts'

export const words: StoredWords = {
  title: 'Was hier gespeichert ist',
  lead: 'Ein Knoten ist seine Datenbank: Amtszeit, Stimme, Log und Snapshot liegen auf diesem Gerät und überstehen einen Absturz. Hier sind sie, Datensatz für Datensatz, jeder mit seiner Prüfsumme verglichen. Das Ansehen ändert nichts.',
  again: 'Neu nachsehen',
  reading: 'Die Datenbanken dieses Browsers werden gelesen …',
  usage: used =>
    `Diese Seite belegt ${bytes(used)} auf der Platte dieses Geräts, einschließlich dessen, was sie ohne Netz braucht.`,
  isKept: 'Der Browser hat zugesagt, es zu behalten.',
  mayGo: 'Der Browser darf es löschen, wenn die Platte voll wird.',
  empty: 'Hier ist noch nichts gespeichert.',
  emptyWhy: 'Öffne einen Raum in Live, dann schreibt der Knoten dieses Browsers seinen ersten Datensatz.',
  openRoom: 'Raum öffnen',
  failed: 'Dieser Browser sagt nicht, was er gespeichert hat.',
  failedHow:
    'Schließe, was die Daten festhält, schaffe Platz, falls die Platte voll ist, und sieh neu nach. Er meldet:',
  insecure: 'Nur eine sichere Seite hat einen eigenen Knoten: Öffne sie über https oder auf localhost.',
  room: name => `Raum ${name}`,
  isOpen: 'in einem Tab offen',
  isDriven: 'ein Tab betreibt ihn',
  node: id => `Knoten ${id}`,
  blank:
    'Dieser Knoten war nie jemand: Sein Tab endete vor dem ersten Schreiben. Der nächste Tab des Raums räumt ihn weg.',
  sound: 'Unversehrt: Jeder Datensatz ist, was geschrieben wurde.',
  damaged: problems => `Beschädigt: ${count(problems, 'Problem', 'Probleme')}.`,
  damagedHow:
    'Ein beschädigter Knoten startet nicht, und nichts flickt ihn: Was ihm fehlt, hat er vielleicht anderen zugesagt. Lösche ihn hier, dann tritt beim Öffnen ein neuer Knoten dem Raum bei. Die anderen geben ihm alles, solange eine Mehrheit von ihnen unversehrt ist.',
  unreadable: 'nicht lesbar',
  term: 'Amtszeit',
  vote: 'Stimme darin',
  nobody: 'niemand',
  log: 'Log',
  entries: (entries, first, last) => `${count(entries, 'Eintrag', 'Einträge')}, ${number(first)} bis ${number(last)}`,
  noEntries: 'keine Einträge',
  committed: 'Festgeschrieben',
  upTo: index => `bis Eintrag ${number(index)} oder weiter`,
  notKnown: 'noch nicht vermerkt',
  snapshot: 'Snapshot',
  snapshotOf: (index, term, size) => `von Eintrag ${number(index)}, Amtszeit ${number(term)}, ${bytes(size)}`,
  none: 'keiner',
  opened: 'Geöffnet',
  times: epoch =>
    `${count(epoch, 'Mal', 'Mal')}: die Besitzer-Epoche. Ein Tab mit einer älteren kann nichts schreiben.`,
  cluster: 'Cluster',
  notAdmitted: 'noch nicht aufgenommen',
  size: 'Größe',
  sizeOf: size => `${bytes(size)} Befehle und Snapshot`,
  index: 'Index',
  what: 'Was er sagt',
  logOf: node => `Log von ${node}`,
  showBefore: entries => `${count(entries, 'Eintrag', 'Einträge')} davor zeigen`,
  isDamaged: 'beschädigt',
  missing: (from, to) =>
    from === to ? `Eintrag ${number(from)} fehlt` : `die Einträge ${number(from)} bis ${number(to)} fehlen`,
  noop: 'der erste Eintrag eines neuen Leaders',
  members: (voters, from, learners) =>
    `Mitglieder: ${list(voters)} stimmen ab${from.length > 0 ? `, davor ${list(from)}` : ''}; ${count(learners, 'Lernender', 'Lernende')}`,
  sessionBegins: 'die Sitzung eines Clients beginnt',
  sessionsEnd: sessions => `Sitzungen enden: ${list(sessions.map(number))}`,
  rule: 'eine Regel des Raums ändert sich',
  bytes: size => `ein Befehl, ${bytes(size)}`,
  commandOf: (session, sequence) => `Sitzung ${number(session)}, Befehl ${number(sequence)}`,
  outbox: 'Postausgang',
  outboxEmpty: 'Hier wartet kein Befehl: Alle stehen im Log.',
  waiting: commands =>
    `${count(commands, 'Befehl wartet', 'Befehle warten')} hier, und ob ${commands === 1 ? 'er' : 'sie'} im Log ${commands === 1 ? 'steht' : 'stehen'}, ist nicht bekannt:`,
  lost: commands =>
    `Von ${count(commands, 'Befehl', 'Befehlen')} kann niemand sagen, ob ${commands === 1 ? 'er' : 'sie'} gewirkt ${commands === 1 ? 'hat' : 'haben'}:`,
  refused: commands =>
    `Die Maschine hat ${count(commands, 'Befehl', 'Befehle')} von hier abgelehnt, und niemand hat ${commands === 1 ? 'ihn' : 'sie'} bisher abgehakt:`,
  delete: 'Raum hier löschen',
  cannotDelete:
    'Schließe die Tabs, die ihn offen haben, und sieh neu nach: Löschen geht nur, solange keiner offen ist.',
  confirm: room => `Den Raum ${room} aus diesem Browser löschen?`,
  confirmWhat:
    'Damit ist der Knoten mit Amtszeit, Stimme, Log und Snapshot weg. Das lässt sich nicht rückgängig machen.',
  confirmVote:
    'Wenn er abstimmt, zählen die anderen ihn weiter mit, bis sie ihn entfernt haben. Wenn kein anderer Browser den Raum hat, ist er verloren.',
  confirmWaiting: commands =>
    `${count(commands, 'wartender Befehl', 'wartende Befehle')} im Postausgang ${commands === 1 ? 'erreicht' : 'erreichen'} niemanden mehr.`,
  confirmDelete: 'Endgültig löschen',
  cancel: 'Behalten',
  inUse: 'Nicht gelöscht: Inzwischen hat ein Tab den Raum offen. Schließe ihn und versuche es noch einmal.',
  notDeleted: 'Nicht gelöscht. Der Browser meldet:',
  deleted: room => `Der Raum ${room} ist aus diesem Browser gelöscht.`,
}
