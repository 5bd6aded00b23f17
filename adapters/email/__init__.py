"""E-mail: papers in the inbox, once a day, and the few web pages that go with it."""
