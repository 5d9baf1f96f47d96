using RiskEngine.Core.Models;
using RiskEngine.Core.State;

namespace RiskEngine.Core.Pipeline;

/// <summary>Which models of the fleet are stored and cannot be read, so that they begin anew: what a judge by itself would pass over in silence.</summary>
/// <remarks>A model that takes nothing of what is stored is as empty as a new one, and that is how it is known here. Pure; thread-safe.</remarks>
public static class CarriedCheck
{
    /// <summary>Names of the models whose stored state is cut, damaged or of a form that this program does not know.</summary>
    /// <returns>Empty where all that is stored is read, and where nothing is.</returns>
    public static IReadOnlyList<string> Lost(CarriedState carried) =>
    [
        .. carried.IsWhole ? Array.Empty<string>() : ["all"],
        .. ValveState.IsLost(carried) ? ["valve"] : Array.Empty<string>(),
        .. IsLost<NoveltyTable>(carried, CarriedPart.Novelty) ? ["novelty"] : Array.Empty<string>(),
        .. IsLost<FleetMonitor>(carried, CarriedPart.Season) ? ["season"] : Array.Empty<string>(),
        .. IsLost<ScoreDrift>(carried, CarriedPart.Drift) ? ["drift"] : Array.Empty<string>(),
    ];

    private static bool IsLost<TModel>(CarriedState carried, CarriedPart part)
        where TModel : ICarriedModel<TModel>, new()
    {
        var stored = carried.Read(part);
        if (stored.IsEmpty) return false;
        var model = new TModel();
        var empty = new byte[TModel.StoredLength];
        model.Save(empty);
        model.Load(stored);
        var read = new byte[TModel.StoredLength];
        model.Save(read);
        return read.AsSpan().SequenceEqual(empty) && !stored.SequenceEqual(empty);
    }
}
