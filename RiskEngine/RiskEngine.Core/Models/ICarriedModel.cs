namespace RiskEngine.Core.Models;

/// <summary>A model of the fleet as a whole, of fixed size, which is carried from batch to batch.</summary>
/// <typeparam name="TModel">The model itself.</typeparam>
public interface ICarriedModel<TModel>
    where TModel : ICarriedModel<TModel>
{
    /// <summary>Gets the bytes that <see cref="Save"/> writes.</summary>
    static abstract int StoredLength { get; }

    /// <summary>Takes what is stored; bytes of another form are a model that has seen nothing.</summary>
    void Load(ReadOnlySpan<byte> stored);

    /// <param name="room">Of <see cref="StoredLength"/> bytes.</param>
    void Save(Span<byte> room);

    void CopyFrom(TModel other);

    /// <summary>Adds what another judge changed to this one, which others changed meanwhile, as <see cref="IMergeable{TRow}"/> does.</summary>
    /// <param name="mine">What that judge made; used up.</param>
    /// <param name="before">What it began with; used up.</param>
    /// <returns>False where the two cannot be put together and it has to judge again; this one is not to be used then.</returns>
    bool TryMerge(TModel mine, TModel before);
}
