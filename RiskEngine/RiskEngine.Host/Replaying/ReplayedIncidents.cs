using RiskEngine.Core.Events;
using RiskEngine.Core.Incidents;
using RiskEngine.Core.State;
using RiskEngine.Simulation.Events;
using RiskEngine.Simulation.Refereeing;

namespace RiskEngine.Host.Replaying;

/// <summary>The incidents of a replay, and how they fit the campaigns where events carry labels. Fed by one thread at a time.</summary>
internal sealed class ReplayedIncidents
{
    private readonly IncidentReferee _referee = new();

    /// <summary>Gets the incidents: all of them, however many there are.</summary>
    public IncidentBook Book { get; }

    public ReplayedIncidents(IncidentSettings settings) => Book = new IncidentBook(settings with { MaximumClosed = int.MaxValue });

    public void Observe(Effects effects, int index, AttackLabel? label)
    {
        var isLogin = effects.Batch[index].Kind == EventKind.Login;
        if (!AssessedEvent.IsTaken(effects, index))
        {
            _referee.Observe(label, isLogin, incident: null, isHit: false);
            return;
        }

        var e = AssessedEvent.Of(effects, index);
        var incident = Book.Add(e);
        _referee.Observe(label, isLogin, incident?.Id, incident is not null && e.IsInside && incident.HasHit(e.Subject));
    }

    /// <summary>The figures, once everything was observed.</summary>
    public IncidentFigures Figures()
    {
        foreach (var incident in Book.Open.Concat(Book.Closed))
        {
            foreach (var part in incident.Merged) _referee.Merge(incident.Id, part);
        }

        return _referee.Report();
    }
}
