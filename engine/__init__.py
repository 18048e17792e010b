"""Runs processes; knows neither Flask nor a request.

The life of a task, in ten lines:

1. ``actions.instances.start`` opens an instance; the engine proposes its first task.
2. The task is a row: the inbox reads it without loading the instance.
3. Somebody claims it (``actions.tasks.claim``); drafts are kept per task and person.
4. ``actions.tasks.complete`` cleans the fields (``forms``) and checks the rule (``model.task``).
5. ``bpmn.workflow`` steps the process, before any lock, and gives back an ``Outcome``.
6. One short write transaction saves the outcome, guarded by the instance's version.
7. In it: the closed task, the opened tasks with their due times, the documents made.
8. In it: the events, numbered without gaps and chained.
9. After the commit the live workflow goes back to the cache.
10. When the last task is done the state is dropped: the record is what stays.
"""
