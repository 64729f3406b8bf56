/** What a disk lacks, or has that was never written. */
import type { Phrases } from './phrases.ts'

export const storage: Phrases = {
  'on disk, {}': 'auf der Platte: {}',
  'in the outbox, {}': 'im Postausgang: {}',
  'entry {} is not what was written: its checksum differs':
    'Eintrag {} ist nicht, was geschrieben wurde: Seine Prüfsumme stimmt nicht',
  'the record “{}” is not what was written: its checksum differs':
    'der Datensatz „{}“ ist nicht, was geschrieben wurde: Seine Prüfsumme stimmt nicht',
  'entry {} is missing': 'Eintrag {} fehlt',
  'the entries from {} to {} are missing': 'die Einträge von {} bis {} fehlen',
  'the term descends from {} to {} at entry {}': 'die Amtszeit fällt bei Eintrag {2} von {0} auf {1}',
  'entry {} calls itself {}': 'Eintrag {} nennt sich selbst {}',
  'the identity is missing': 'die Identität fehlt',
  'the node {} calls itself {}': 'der Knoten {} nennt sich selbst {}',
  'version {}, later than {}': 'Version {}, neuer als {}',
  'a command has no number': 'ein Befehl hat keine Nummer',
  'a command is not bytes': 'ein Befehl ist nicht aus Bytes',
  'a line is no record': 'eine Zeile ist kein Datensatz',
  'a line has no state': 'eine Zeile hat keinen Stand',
}
