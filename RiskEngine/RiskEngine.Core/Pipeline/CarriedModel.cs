using RiskEngine.Core.Models;
using RiskEngine.Core.State;

namespace RiskEngine.Core.Pipeline;

/// <summary>A model of one batch: read from the state that was loaded, written back where it changed, and so committed or lost with the rest.</summary>
/// <remarks>Not thread-safe: one stage owns it at a time.</remarks>
internal abstract class CarriedModel<TModel>(CarriedPart part)
    where TModel : class, ICarriedModel<TModel>, new()
{
    protected TModel Model { get; } = new();

    /// <summary>Gets or sets whether the model is another one than was loaded.</summary>
    protected bool IsChanged { get; set; }

    public void Load(CarriedState carried)
    {
        IsChanged = false;
        Model.Load(carried.Read(part));
    }

    public void Save(CarriedState carried)
    {
        if (IsChanged) Model.Save(carried.Write(part, TModel.StoredLength));
    }

    public void CopyFrom(CarriedModel<TModel> other)
    {
        Model.CopyFrom(other.Model);
        IsChanged = false;
    }
}
