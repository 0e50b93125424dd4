-- When a session was over, for the sweep: without it each portion would read all sessions that live.

CREATE INDEX session_over ON app.session (least(ended_at, expires_at));
