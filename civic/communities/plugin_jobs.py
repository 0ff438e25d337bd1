"""Jobs of plugins: one run for each community in which the plugin is on, each on its own."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import undefer

from civic.communities.models import Community
from civic.kernel import faults, jobs, plugins
from civic.kernel.activations import Activation
from civic.kernel.db import db, reading
from civic.kernel.jobs import Job
from civic.kernel.plugin import PluginJob

#: After this time a run that has not come to its end is taken for dead, and the next may begin.
DEAD = timedelta(hours=1)


def init() -> None:
    """Let the jobs of plugins run where the plugins are on."""
    jobs.add_source(find)


def find() -> Iterator[Job]:
    """Yield the jobs of the plugins that are on, for each community; by reading alone."""
    loaded = plugins.registry().loaded
    working = {name: plugin.jobs for name, plugin in loaded.items() if plugin.jobs}
    if not working:
        return
    rows = db.session.execute(
        select(Activation.plugin, Activation.community_id)
        .where(Activation.plugin.in_(working), Activation.on)
        .order_by(Activation.plugin, Activation.community_id)
    )
    for name, community_id in rows.all():
        for item in working[name]:
            yield Job(
                f"{name}.{item.name}@{community_id}",
                item.every,
                partial(_run, name, item, community_id),
                at=item.at,
                community_id=community_id,
                alone=DEAD,
            )


def _run(name: str, job: PluginJob, community_id: int) -> None:
    query = select(Community).options(undefer(Community.switched)).filter_by(id=community_id)
    with reading():
        community = db.session.scalars(query).one()
        db.session.expunge_all()
    # Known again as it is, asking nothing: until the job itself writes, no writer waits for it.
    db.session.add(community)
    # Asked again: it may have been switched off since the jobs were looked at.
    if name not in community.plugins:
        return
    try:
        job.function(community)
    except Exception as error:
        faults.note(name, f"job {job.name}", community_id, error)
        raise
