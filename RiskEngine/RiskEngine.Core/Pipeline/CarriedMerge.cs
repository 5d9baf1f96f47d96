using RiskEngine.Core.Models;
using RiskEngine.Core.State;

namespace RiskEngine.Core.Pipeline;

/// <summary>Puts together, part by part, what two judges carried on from the same state. Pure; thread-safe.</summary>
public static class CarriedMerge
{
    /// <summary>Adds what one judge changed to what is stored now.</summary>
    /// <param name="current">As it is stored now; becomes what is to be stored.</param>
    /// <param name="mine">What the judge made.</param>
    /// <param name="before">What the judge began with.</param>
    /// <returns>False where a part cannot be put together, so that the judge has to judge again; nothing is to be stored then.</returns>
    public static bool TryMerge(CarriedState current, CarriedState mine, CarriedState before) =>
        (IsSettled(CarriedPart.Valve, current, mine, before) || ValveState.TryMerge(current, mine, before))
        && TryMerge<FleetMonitor>(CarriedPart.Season, current, mine, before)
        && TryMerge<NoveltyTable>(CarriedPart.Novelty, current, mine, before)
        && TryMerge<ScoreDrift>(CarriedPart.Drift, current, mine, before);

    private static bool TryMerge<TModel>(CarriedPart part, CarriedState current, CarriedState mine, CarriedState before)
        where TModel : class, ICarriedModel<TModel>, new()
    {
        if (IsSettled(part, current, mine, before)) return true;
        var (now, made, given) = (new TModel(), new TModel(), new TModel());
        now.Load(current.Read(part));
        made.Load(mine.Read(part));
        given.Load(before.Read(part));
        if (!now.TryMerge(made, given)) return false;
        now.Save(current.Write(part, TModel.StoredLength));
        return true;
    }

    /// <summary>Whether only one of the two changed the part, which then stands.</summary>
    private static bool IsSettled(CarriedPart part, CarriedState current, CarriedState mine, CarriedState before)
    {
        var made = mine.Read(part);
        var given = before.Read(part);
        if (made.SequenceEqual(given)) return true;
        if (!current.Read(part).SequenceEqual(given)) return false;
        made.CopyTo(current.Write(part, made.Length));
        return true;
    }
}
