//! A few lines that any Raft in Rust can use to write a trace, without a dependency. `rustc trace.rs && ./trace > run.jsonl` writes a small one.
use std::io::Write;
use std::sync::Mutex;
use std::time::Instant;

pub struct Trace<W: Write> {
    out: Mutex<W>,
    start: Instant,
}

impl<W: Write> Trace<W> {
    pub fn new(mut out: W, voters: &[&str]) -> Self {
        writeln!(out, r#"{{"trace":"raft","version":1,"voters":{voters:?}}}"#).unwrap();
        Trace { out: Mutex::new(out), start: Instant::now() }
    }

    /// `fields`: the rest of the JSON object, such as `"term":1`.
    pub fn event(&self, node: &str, kind: &str, fields: &str) {
        let at = self.start.elapsed().as_secs_f64() * 1000.0;
        let mut out = self.out.lock().unwrap();
        writeln!(out, r#"{{"node":{node:?},"at":{at},"type":{kind:?},{fields}}}"#).unwrap();
    }
}

fn main() {
    let trace = Trace::new(std::io::stdout(), &["A", "B", "C"]);
    trace.event("A", "role", r#""role":"candidate","term":1"#);
    trace.event("A", "vote", r#""term":1,"candidate":"A""#);
    trace.event("A", "sent", r#""message":{"id":"1","to":"B","type":"RequestVote","term":1}"#);
    trace.event("B", "delivered", r#""message":{"id":"1","from":"A","type":"RequestVote","term":1}"#);
    trace.event("B", "vote", r#""term":1,"candidate":"A""#);
    trace.event("A", "role", r#""role":"leader","term":1"#);
    trace.event("A", "appended", r#""index":1,"term":1,"text":"x = 1""#);
    trace.event("B", "appended", r#""index":1,"term":1,"text":"x = 1""#);
    trace.event("A", "committed", r#""index":1"#);
}
