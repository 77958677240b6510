using Talweg.Continual;
using Talweg.Networks;
using Talweg.Training;

namespace Talweg.Studies.Forgetting;

/// <summary>Records and watches everything that any method needs of the first task, so that all go on from the same weights.</summary>
internal sealed record FirstTaskMethod : IContinualMethod
{
    public bool NeedsWindow => true;

    public IStepObserver? Observe(WeightSpace space) => new PathIntegral(space);

    public IMemory? Remember(IMemory? earlier, LearnedTask task, WorkOptions work) => null;
}
