import { useNavigate } from "react-router-dom";
import { RegisterDialog } from "#app/front-desk/register-dialog.tsx";
import { chosenPatient } from "./chosen-patient.ts";

/** A visit without an appointment: find the patient in OpenEMR, or register who is not there. */
export function WalkInDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const navigate = useNavigate();
  return (
    <RegisterDialog
      isOpen={isOpen}
      onClose={onClose}
      title="Walk-in visit"
      onChoose={(patient) => {
        chosenPatient.setState({ patient });
        void navigate("/start/walk-in");
      }}
    />
  );
}
