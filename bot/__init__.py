"""The core of Paperboy: papers, people and messages; no chat platform, no SQL, no HTTP."""
